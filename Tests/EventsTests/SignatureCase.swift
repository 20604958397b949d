import Events
import Foundation

/// A signed body with what is known about it, from a fixture folder or from a file of shared vectors.
struct SignatureCase: Sendable {
    let name: String
    let secret: [UInt8]
    let body: [UInt8]
    let canonical: [UInt8]?
    let signatureOverRaw: String
    let signatureOverCanonical: String?

    /// The cases of this project.
    static let own: [SignatureCase] = FixtureFolder.cases(of: "signatures").compactMap { try? SignatureCase($0) }

    /// The cases of a vector file, or none without it.
    static func vectors(at path: String?) -> [SignatureCase] {
        guard let path, let data = FileManager.default.contents(atPath: path),
            let entries = try? Vector.decoder.decode([Vector].self, from: data)
        else { return [] }
        return entries.map(SignatureCase.init)
    }

    /// What the verifier says to this body under a signature.
    func outcome(
        signature: String, header: String = "X-Keywordsai-Signature", body: [UInt8]? = nil
    ) -> Result<VerifiedDelivery, Refusal> {
        let verifier = SignatureVerifier(
            source: "production", scheme: .keywordsai, secrets: [Secret(secret, label: "fixture")])
        let request = InboundRequest(
            source: "production", headers: [HeaderField(name: header, value: signature)], body: body ?? self.body,
            receivedAt: Timestamp(seconds: 1_770_000_000))
        return Result { () throws(Refusal) in try verifier.verify(request) }
    }

    init(_ folder: FixtureFolder) throws {
        let expectations = try SignatureExpectations(folder)
        name = folder.name
        secret = try folder.bytes("secret")
        body = try folder.bytes("body")
        canonical = folder.bytesIfPresent("canonical")
        signatureOverRaw = expectations.signatureOverRaw
        signatureOverCanonical = expectations.signatureOverCanonical
    }

    private struct Vector: Decodable {
        let name: String
        let secret: String
        let bodyB64: Data
        let canonicalB64: Data?
        let signatureOverRaw: String
        let signatureOverCanonical: String?

        static var decoder: JSONDecoder {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return decoder
        }
    }

    private init(_ vector: Vector) {
        name = vector.name
        secret = Array(vector.secret.utf8)
        body = Array(vector.bodyB64)
        canonical = vector.canonicalB64.map { Array($0) }
        signatureOverRaw = vector.signatureOverRaw
        signatureOverCanonical = vector.signatureOverCanonical
    }
}

/// What a fixture folder expects of each signature.
struct SignatureExpectations: Decodable {
    enum Answer: String, Decodable {
        case accepted, malformed, unverified
    }

    let raw: Answer
    let canonical: Answer?
    let events: Int
    let signatureOverRaw: String
    let signatureOverCanonical: String?

    init(_ folder: FixtureFolder) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(folder.bytes("expectations.json")))
    }
}

extension Result<VerifiedDelivery, Refusal> {
    var answer: SignatureExpectations.Answer {
        switch self {
        case .success: .accepted
        case .failure(.malformed): .malformed
        case .failure(.unverified): .unverified
        }
    }
}
