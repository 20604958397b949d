import Events
import Testing

/// Addresses, blocks of them, and whom a request comes from.
struct AddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("fe80::1%eth0", "fe80::1"), ("0:0:1::", "0:0:1::"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ])
    func addressesAreReadAndWritten(text: String, written: String) {
        #expect(IPAddress(text)?.description == written)
    }

    @Test(arguments: [
        "", "192.0.2", "192.0.2.1.1", "192.0.2.256", "192.0.2.01", "0x7f.0.0.1", "127.1", "192.0.2.1 ", ":", ":::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::192.0.2.1.1", "[::1]", "192.0.2.1:80",
        "1:2:3:4:5:6:7::8", "::192.0.2.1:1", "localhost", "１.2.3.4",
    ])
    func otherTextsAreNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("203.0.113.0/24", "203.0.113.255", true), ("203.0.113.0/24", "203.0.114.0", false),
        ("203.0.113.7", "203.0.113.7", true), ("203.0.113.7", "203.0.113.6", false),
        ("203.0.113.0/24", "::ffff:203.0.113.9", true), ("::ffff:203.0.113.0/120", "203.0.113.9", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "203.0.113.9", true),
        ("10.0.0.0/9", "10.127.255.255", true), ("10.0.0.0/9", "10.128.0.0", false),
    ])
    func blocksHoldTheirAddresses(block: String, address: String, isHeld: Bool) throws {
        #expect(try AddressBlock(block).contains(#require(IPAddress(address))) == isHeld)
    }

    @Test(arguments: [
        ("0.0.0.0/0", true), ("::/0", true), ("::/8", true), ("::/80", true), ("::ffff:0.0.0.0/96", true),
        ("0.0.0.0/1", false), ("::/96", false), ("::/97", false), ("2000::/3", false), ("10.0.0.0/8", false),
    ])
    func blocksThatHoldEverythingAreKnown(block: String, holdsEverything: Bool) throws {
        #expect(try AddressBlock(block).holdsEverything == holdsEverything)
    }

    @Test(arguments: [
        ("x", AddressBlock.Fault.address), ("10.0.0.0/33", .length), ("10.0.0.0/", .length), ("10.0.0.0/-1", .length),
        ("10.0.0.0/8/8", .length), ("10.0.0.1/8", .looseBits("10.0.0.0/8")), ("2001:db8::1/32", .looseBits("")),
        ("fe80::1%eth0", .address), ("::/129", .length), ("", .address),
    ])
    func faultyBlocksAreNamed(text: String, fault: AddressBlock.Fault) {
        #expect(throws: fault) { try AddressBlock(text) }
    }

    /// Peer, forwarding headers, trusted proxies, and the sender that follows.
    @Test(arguments: [
        // Without trusted proxies nothing that a request says of itself counts.
        ("203.0.113.9", "X-Forwarded-For: 192.0.2.1", "", "203.0.113.9"),
        ("203.0.113.9", "Forwarded: for=192.0.2.1", "10.0.0.0/8", "203.0.113.9"),
        // A proxy of this machine that nobody named hides its clients.
        ("127.0.0.1", "X-Forwarded-For: 127.0.0.1", "", "-"), ("::1", "Forwarded: for=127.0.0.1", "", "-"),
        ("127.0.0.1", "", "", "127.0.0.1"),
        // The last address that is no proxy's; what a stranger wrote before it is not looked at.
        ("10.0.0.1", "X-Forwarded-For: 192.0.2.1, 203.0.113.9", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.1", "X-Forwarded-For: 192.0.2.1, 203.0.113.9, 10.0.0.2", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.1", "X-Forwarded-For: 192.0.2.1|X-Forwarded-For: 203.0.113.9", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.1", "X-Forwarded-For: nonsense, 203.0.113.9", "10.0.0.0/8", "203.0.113.9"),
        ("::ffff:10.0.0.1", "X-Forwarded-For: 2001:db8::1", "10.0.0.0/8", "2001:db8::1"),
        ("10.0.0.1", "X-Forwarded-For: 203.0.113.9:4711", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.1", "X-Forwarded-For: [2001:db8::1]:4711", "10.0.0.0/8", "2001:db8::1"),
        ("10.0.0.1", "X-Forwarded-For: 10.0.0.3, 10.0.0.2", "10.0.0.0/8", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.0/8", "10.0.0.1"),
        // What cannot be read is nobody.
        ("10.0.0.1", "X-Forwarded-For: 203.0.113.9, unknown", "10.0.0.0/8", "-"),
        ("10.0.0.1", "X-Forwarded-For: 203.0.113.9,", "10.0.0.0/8", "-"),
        ("10.0.0.1", "X-Forwarded-For:", "10.0.0.0/8", "-"),
        ("10.0.0.1", "X-Forwarded-For: 203.0.113.9:x", "10.0.0.0/8", "-"),
        ("10.0.0.1", "Forwarded: for=192.0.2.1, for=\"[2001:db8::1]:4711\";proto=https", "10.0.0.0/8", "2001:db8::1"),
        ("10.0.0.1", "Forwarded: proto=https;FOR=203.0.113.9;by=10.0.0.1", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.1", "Forwarded: for=192.0.2.1, proto=https", "10.0.0.0/8", "-"),
        ("10.0.0.1", "Forwarded: for=_hidden", "10.0.0.0/8", "-"),
        ("10.0.0.1", "Forwarded: for=203.0.113.9;for=192.0.2.1", "10.0.0.0/8", "-"),
        // A proxy sets one of them and passes the other on: they must agree.
        ("10.0.0.1", "X-Forwarded-For: 203.0.113.9|Forwarded: for=192.0.2.1", "10.0.0.0/8", "-"),
        ("10.0.0.1", "X-Forwarded-For: 203.0.113.9|Forwarded: for=203.0.113.9", "10.0.0.0/8", "203.0.113.9"),
        ("-", "X-Forwarded-For: 203.0.113.9", "0.0.0.0/0", "-"),
    ])
    func senderIsWhomTrustedProxiesName(peer: String, lines: String, trusted: String, sender: String) throws {
        let headers = lines.split(separator: "|").map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return HeaderField(name: String(parts[0]), value: String(parts[1]))
        }
        let blocks = try trusted.isEmpty ? [] : [AddressBlock(trusted)]
        let found = ClientAddress.of(peer: IPAddress(peer), headers: headers, trusted: blocks)
        #expect((found?.description ?? "-") == sender)
    }

    @Test func forwardingHeadersAreBounded() throws {
        let trusted = [try AddressBlock("10.0.0.0/8")]
        func sender(_ hops: Int) -> IPAddress? {
            let value = (["203.0.113.9"] + Array(repeating: "10.0.0.2", count: hops - 1)).joined(separator: ", ")
            return ClientAddress.of(
                peer: IPAddress("10.0.0.1"), headers: [HeaderField(name: "x-forwarded-for", value: value)],
                trusted: trusted)
        }
        #expect(sender(32)?.description == "203.0.113.9" && sender(33) == nil)
        let long = HeaderField(name: "X-Forwarded-For", value: "203.0.113.9" + String(repeating: ",", count: 4_096))
        #expect(ClientAddress.of(peer: IPAddress("10.0.0.1"), headers: [long], trusted: trusted) == nil)
    }

    @Test func allowHoldsBesideTheSignature() throws {
        let vector = SchemeVector.all[0]
        let allowed = [try AddressBlock("203.0.113.0/24"), try AddressBlock("2001:db8::/32")]
        for (sender, isIn) in [("203.0.113.9", true), ("2001:db8::9", true), ("192.0.2.1", false)] {
            #expect(vector.isKnown(allowed: allowed, sender: IPAddress(sender)) == isIn)
        }
        #expect(!vector.isKnown(allowed: allowed, sender: nil))
        #expect(!vector.isKnown(headers: [], allowed: allowed, sender: IPAddress("203.0.113.9")))
        #expect(vector.isKnown(allowed: [], sender: nil))
    }

    @Test func allowHoldsAlsoForACanonicalSignature() throws {
        let body = Array(#"{"unique_id":"u"}"#.utf8)
        let secret = Secret(Array("secret".utf8), label: "s")
        let field = SignatureScheme.keywordsai.sign(try CanonicalText.of(body), with: secret)
        let verifier = SignatureVerifier(
            source: "s", scheme: .keywordsai, secrets: [secret], allowed: [try AddressBlock("203.0.113.0/24")])
        func answer(_ sender: String) -> SignatureExpectations.Answer {
            Result { () throws(Refusal) in
                try verifier.verify(
                    InboundRequest(
                        source: "s", headers: [field], body: body, receivedAt: Timestamp(seconds: 0),
                        sender: IPAddress(sender)))
            }.answer
        }
        #expect(answer("203.0.113.9") == .accepted && answer("192.0.2.1") == .unverified)
    }

    @Test func schemeNoneKnowsAddressesAlone() throws {
        let vector = SchemeVector(name: "none", scheme: .none, secret: "", headers: [], body: "{}", at: 0)
        let allowed = [try AddressBlock("203.0.113.0/24")]
        #expect(vector.isKnown(allowed: allowed, sender: IPAddress("203.0.113.9")))
        #expect(!vector.isKnown(allowed: allowed, sender: IPAddress("192.0.2.1")))
        #expect(!vector.isKnown(allowed: allowed, sender: nil))
        #expect(!vector.isKnown(allowed: [], sender: IPAddress("203.0.113.9")), "without a list nobody may send")
        #expect(!vector.isKnown(secrets: [], allowed: [], sender: nil))
    }
}
