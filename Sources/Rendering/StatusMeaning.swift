/// What a status code of a call means to the person who reads the mail.
struct StatusMeaning: Equatable {
    /// The code's usual name, such as `Too Many Requests`.
    let name: String
    /// One sentence: who refused what, and where to look.
    let sentence: String

    /// The meaning of `code`, or `nil` for a code outside 400 to 599.
    init?(code: Int64) {
        guard let known = Self.known[code] else {
            switch code {
            case 400..<500: self.init(name: "client error", sentence: "The call was refused as faulty.")
            case 500..<600: self.init(name: "server error", sentence: "The fault is on the provider's side.")
            default: return nil
            }
            return
        }
        self = known
    }

    private init(name: String, sentence: String) {
        self.name = name
        self.sentence = sentence
    }

    /// RFC 9110 §15, RFC 6585, and codes that gateways and providers use beside them (499, 529).
    private static let known: [Int64: StatusMeaning] = [
        400: .init(name: "Bad Request", sentence: "The provider could not make sense of the request."),
        401: .init(name: "Unauthorized", sentence: "The API key is missing, wrong or revoked."),
        402: .init(name: "Payment Required", sentence: "The account has no credit left."),
        403: .init(name: "Forbidden", sentence: "The API key may not do this."),
        404: .init(name: "Not Found", sentence: "The model or the address does not exist, or the key may not see it."),
        408: .init(name: "Request Timeout", sentence: "The call took too long and was given up."),
        409: .init(name: "Conflict", sentence: "The call clashed with another one."),
        413: .init(name: "Content Too Large", sentence: "The request was larger than the provider takes."),
        422: .init(
            name: "Unprocessable Content", sentence: "The request was readable but asks for something impossible."),
        429: .init(name: "Too Many Requests", sentence: "A rate limit or a budget is used up: slow down or raise it."),
        499: .init(name: "Client Closed Request", sentence: "The caller hung up before the answer came."),
        500: .init(
            name: "Internal Server Error", sentence: "The provider failed; the same call may pass when tried again."),
        501: .init(name: "Not Implemented", sentence: "The provider does not offer what was asked for."),
        502: .init(name: "Bad Gateway", sentence: "A server on the way got no proper answer from the one behind it."),
        503: .init(name: "Service Unavailable", sentence: "The provider is down or overloaded."),
        504: .init(name: "Gateway Timeout", sentence: "A server on the way waited too long for the one behind it."),
        529: .init(name: "Overloaded", sentence: "The provider is overloaded and sheds calls."),
    ]
}
