import Synchronization

/// The access token of a mail login: asked for when it is needed, kept while it is good, and asked for anew before it
/// ends.
///
/// The threads that hold the conversations with the mail server also hold the one with the token server, one of them at
/// a time: the others wait for what it brings. Nothing else of the process waits.
package final class AccessTokens: Sendable {
    /// What a login is given.
    package enum Outcome: Sendable {
        /// A token and its number, by which it can be refused; `isNew` when it was fetched for this very login.
        case token(Password, number: Int, isNew: Bool)
        /// The token server says no: the configuration has to change.
        case refused(String)
        /// The token server cannot be reached or is unwell.
        case unavailable(String)
        /// Cut off by a shutdown.
        case cut
    }

    private struct State {
        let lane: HTTPLane
        var current: (secret: Password, number: Int, freshUntil: ContinuousClock.Instant)?
        /// A refresh token that has taken the place of the one before and is in no file: none is wanted, or it could
        /// not be written.
        var unkept: Password?
        var fetches = 0
        /// What the last request failed with, and until when that is answered without another one.
        var fault: (outcome: Outcome, until: ContinuousClock.Instant)?
    }

    /// How long before its end a token is replaced: a mail may be under way for a while after the login.
    static let marginSecondsMax = 300
    /// How long a token is taken to be good when the server does not say.
    static let standardLifeSeconds = 3_600
    /// The longest life that is believed.
    static let lifeSecondsMax = 86_400
    /// How long a failure is remembered, so that several threads do not ask one after the other.
    static let faultSecondsKept = 5
    /// How long the token server may take.
    static let requestSecondsMax = 20
    /// The most bytes of an answer.
    static let responseBytesMax = 64 * 1_024
    /// The longest token that is believed, in bytes: those of Microsoft have about 2,000.
    static let tokenBytesMax = 16_384

    private let endpoint: TokenEndpoint
    private let read: TokenResponse.Reader
    private let sockets = OpenSockets()
    private let state: Mutex<State>

    /// Nothing is asked yet.
    ///
    /// - Parameter read: reads the JSON of an answer.
    package init(_ endpoint: TokenEndpoint, read: @escaping TokenResponse.Reader) {
        self.endpoint = endpoint
        self.read = read
        let lane = HTTPLane(
            sockets: sockets, certificateAuthorityFile: endpoint.certificateAuthorityFile,
            responseBytesMax: Self.responseBytesMax)
        state = Mutex(State(lane: lane))
    }

    /// The token for a login. Blocks while the token server is asked.
    ///
    /// - Parameter refused: the number of a token that the mail server did not take: it is not given out again.
    package func token(inPlaceOf refused: Int? = nil) -> Outcome {
        state.withLock { state in
            let now = ContinuousClock.now
            if let current = state.current, current.number != refused, now < current.freshUntil {
                return .token(current.secret, number: current.number, isNew: false)
            }
            if let fault = state.fault, now < fault.until { return fault.outcome }
            let outcome = fetch(&state, now: now)
            switch outcome {
            case .token: state.fault = nil
            case .cut: break
            case .refused, .unavailable:
                state.fault = (outcome, ContinuousClock.now.advanced(by: .seconds(Self.faultSecondsKept)))
            }
            return outcome
        }
    }

    /// Ends a request that is under way and refuses further ones. Callable from any thread.
    package func cut() {
        sockets.cut()
    }

    private func fetch(_ state: inout State, now: ContinuousClock.Instant) -> Outcome {
        guard endpoint.refreshToken != nil, let file = endpoint.refreshTokenFile else {
            return ask(&state, with: state.unkept ?? endpoint.refreshToken, now: now)
        }
        do throws(RefreshTokenFile.Fault) {
            let hold = try file.hold { sockets.isCut }
            let kept = try file.token()
            // One that could not be written is newer than what the file has.
            let token = state.unkept ?? kept ?? endpoint.refreshToken
            let outcome = ask(&state, with: token, now: now)
            keep(&state, in: file)
            _ = consume hold
            return outcome
        } catch {
            return sockets.isCut ? .cut : .unavailable("The file of the refresh token \(error.words).")
        }
    }

    /// Writes a new refresh token down before anybody uses what came with it.
    private func keep(_ state: inout State, in file: RefreshTokenFile) {
        guard let token = state.unkept else { return }
        do throws(RefreshTokenFile.Fault) {
            try file.keep(token)
            state.unkept = nil
        } catch {
            file.report(error.words)
        }
    }

    private func ask(_ state: inout State, with refreshToken: Password?, now: ContinuousClock.Instant) -> Outcome {
        let request = HTTPExchange.Request(
            method: "POST", url: endpoint.url,
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")],
            body: endpoint.form(refreshToken: refreshToken), timeout: .seconds(Self.requestSecondsMax))
        let response: HTTPExchange.Response
        switch state.lane.answer(request) {
        case .success(let answer): response = answer
        case .failure(let fault):
            if sockets.isCut { return .cut }
            return .unavailable("The token server did not answer: \(fault.description)")
        }
        let said = read(response.body)
        guard response.status == 200 else { return Self.refusal(response.status, said) }
        // What an access token came with counts also where the token itself is of no use.
        if let refreshToken, let next = said?.refreshToken, next.text != refreshToken.text,
            Password(token: Array(next.text.utf8)) != nil
        {
            state.unkept = next
        }
        guard let said, let secret = said.accessToken, Password(token: Array(secret.text.utf8)) != nil else {
            return .unavailable("The token server's answer holds no access token.")
        }
        state.fetches += 1
        let life = min(max(said.expiresInSeconds ?? Self.standardLifeSeconds, 0), Self.lifeSecondsMax)
        let fresh = life - min(Self.marginSecondsMax, life / 4)
        state.current = (secret, state.fetches, now.advanced(by: .seconds(fresh)))
        return .token(secret, number: state.fetches, isNew: true)
    }

    /// What another status than 200 means: RFC 6749 §5.2 says no with 400 or 401, some servers with 403.
    private static func refusal(_ status: Int, _ said: TokenResponse?) -> Outcome {
        let passing = ["temporarily_unavailable", "server_error", "slow_down"]
        let isPassing = said?.error.map(passing.contains) ?? false
        let reason = said?.refusal.map { ": \($0)" } ?? ""
        let text = "The token server answers \(status)\(reason)."
        return (400..<500).contains(status) && status != 408 && status != 429 && !isPassing
            ? .refused(text) : .unavailable(text)
    }
}
