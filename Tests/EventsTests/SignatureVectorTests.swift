import Events
import Foundation
import Testing

/// Where the shared signature vectors are, when the environment names them.
enum SharedVectors {
    static let path = ProcessInfo.processInfo.environment["HOOKMAIL_SIGNATURE_VECTORS"]
    static let edgePath = path.map {
        URL(filePath: $0).deletingLastPathComponent().appending(path: "signature-vectors-edge.json").path
    }
}

@Suite(.enabled(if: SharedVectors.path != nil, "HOOKMAIL_SIGNATURE_VECTORS is not set"))
struct SignatureVectorTests {
    @Test func everyVectorVerifiesUnderBothSignatures() throws {
        let vectors = SignatureCase.vectors(at: SharedVectors.path)
        #expect(vectors.count == 74)
        for vector in vectors {
            let signatures = try [vector.signatureOverRaw, #require(vector.signatureOverCanonical)]
            for signature in signatures {
                // A body without an event is answered with its own reason, which only a verified sender sees.
                let answer = vector.outcome(signature: signature).answer
                let isEvent = vector.body.contains(UInt8(ascii: "{")) && !vector.isArrayOfOthers
                #expect(answer == (isEvent ? .accepted : .malformed), "\(vector.name)")
            }
            #expect(try CanonicalText.of(vector.body) == vector.canonical, "\(vector.name)")
        }
    }

    @Test func everyEdgeCaseIsRefusedWithAReasonOnlyUnderTheRawSignature() {
        let vectors = SignatureCase.vectors(at: SharedVectors.edgePath)
        #expect(vectors.count == 26)
        for vector in vectors {
            #expect(vector.outcome(signature: vector.signatureOverRaw).answer == .malformed, "\(vector.name)")
            if let signature = vector.signatureOverCanonical {
                #expect(vector.outcome(signature: signature).answer == .unverified, "\(vector.name)")
            }
        }
    }
}

extension SignatureCase {
    /// Whether the body is an array whose first element is no object.
    var isArrayOfOthers: Bool {
        let value = try? JSONValue.decode(body)
        return value?.array.map { $0.first?.object == nil } ?? (value?.object == nil)
    }
}
