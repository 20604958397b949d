import Testing

@testable import Transports

/// Settings: what is read, what is refused, and what is never shown.
struct SettingsTests {
    @Test(arguments: [
        ("smtp://mail.example.com", MailDestination.smtp(host: "mail.example.com", port: 587, isImplicitTLS: false)),
        ("smtp://mail.example.com:25", .smtp(host: "mail.example.com", port: 25, isImplicitTLS: false)),
        ("smtp://mail.example.com:2525/", .smtp(host: "mail.example.com", port: 2525, isImplicitTLS: false)),
        ("smtps://mail.example.com", .smtp(host: "mail.example.com", port: 465, isImplicitTLS: true)),
        ("smtps://[::1]:4650", .smtp(host: "[::1]", port: 4650, isImplicitTLS: true)),
        ("smtp://[fe80::1]", .smtp(host: "[fe80::1]", port: 587, isImplicitTLS: false)),
        ("maildir:./mail", .maildir(folder: "./mail")),
    ])
    func destinationIsRead(_ text: String, _ expected: MailDestination) throws {
        #expect(try MailDestination(parsing: text) == expected)
    }

    @Test(arguments: [
        "", "smtp", "smtp://", "smtp://:25", "smtp://host:0", "smtp://host:65536", "smtp://host:x", "smtp://host:",
        "smtp://user@host", "smtp://a b", "smtp://host/path", "smtp://h\r\nost", "http://host", "maildir:",
        "smtp://[::1",
        "smtp://-a", "smtp://a..b", "file:///etc/passwd", "smtp://host?x", "smtp://[::1]x:25",
    ])
    func wrongDestinationIsRefused(_ text: String) {
        #expect(throws: MailDestinationFault.self) { try MailDestination(parsing: text) }
    }

    @Test(arguments: ["a\r\nMAIL", "", "a b", "ä", String(repeating: "a", count: 64)])
    func wrongHelloNameIsRefused(_ name: String) {
        #expect(throws: SMTPConfigurationFault.self) {
            try SMTPConfiguration(host: "localhost", port: 25, security: .startTLS, helloName: name)
        }
    }

    @Test(arguments: [("", "p"), ("u\n", "p"), ("u", ""), ("u", "p\0q")])
    func wrongLoginIsRefused(_ username: String, _ password: String) {
        #expect(throws: SMTPConfigurationFault.self) {
            try SMTPConfiguration(
                host: "localhost", port: 25, security: .startTLS,
                login: .password(username: username, password: Password(password))
            )
        }
    }

    @Test func passwordIsNeverShown() throws {
        let login = SMTPLogin.password(username: "u", password: Password("canary"))
        let configuration = try SMTPConfiguration(host: "localhost", port: 25, security: .startTLS, login: login)
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [
            "\(login)", String(reflecting: login), "\(configuration)", String(reflecting: configuration), dumped,
        ] {
            #expect(!text.contains("canary"))
        }
        #expect("\(Password("canary"))" == "•••")
    }
}
