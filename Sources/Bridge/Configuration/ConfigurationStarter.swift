/// The files that `hookmail init` writes: they work as they stand, and say what to change.
package enum ConfigurationStarter {
    /// The name of the secret's file in the text, beside the configuration.
    package static let secretFile = "hookmail.secret"

    /// The text of a new `hookmail.yaml`. It needs a secret in `secretFile` and no environment.
    package static let text = """
        \(ConfigurationSchema.editorLine)
        # Hookmail: signed webhook events in, mails out.
        # `hookmail check` reads this file and shows everything that is wrong with it.

        # Where webhooks are received. Behind a reverse proxy this stays on loopback.
        listen: 127.0.0.1:8000

        # Health and the commands. On an address that others can reach it needs `admin_token: {file: ./hookmail.token}`.
        admin: 127.0.0.1:8001

        # Everything Hookmail remembers, in one file beside this one.
        store: sqlite:./hookmail.db

        # How long. `bodies: never` stores no bodies of events at all.
        keep: {bodies: 7d, events: 90d, mails: 90d, bytes: 4GiB}

        sources:
          production:
            # The path of the webhook's URL, with or without the last slash.
            path: /api/webhook/
            # Keywords AI and Respan. Other senders: standard-webhooks, github, stripe, slack, token, none, or
            # `{hmac: {header: X-Signature, prefix: sha256=}}`.
            verify: keywordsai
            # The webhook's secret, or the API key that signs. Several may be in use at once while you change them:
            #   secrets: [{file: ./hookmail.secret}, {env: OLD_SECRET, until: 2026-12-31}]
            secrets: [{file: ./hookmail.secret}]

        mail:
          from: Hookmail <alerts@example.com>
          # Mails are kept as files in a folder until you name a server. To send them:
          #   server: smtp://smtp.example.com:587      # STARTTLS; smtps://smtp.example.com:465 begins with TLS
          #   username: alerts@example.com
          #   password: {env: SMTP_PASSWORD}           # or `oauth2:`, which Microsoft 365 wants: see the README
          server: maildir:./mail
          # All rules together. What is more goes into one summary for each recipient.
          at_most: 60 per 1h

        recipients:
          # To hold mails back at night and send one summary in the morning (urgent ones pass):
          #   llm-team: {to: [llm-team@example.com], quiet: 22:00-07:00 Europe/Berlin}
          llm-team: {to: [llm-team@example.com]}

        # Names for conditions that several rules use.
        let:
          in_production: environment == "prod" or environment == "production"

        rules:
          # One mail for failed calls, then silence for 15 minutes; the next mail says how many there were meanwhile.
          - name: failed-calls
            when: failed
            notify: llm-team
            at_most: 1 per 15m

          # A call that cost more than half a dollar. A longer condition goes below `when: |`, where YAML leaves every
          # character alone. A field that an event does not have is neither above nor below anything.
          - name: expensive-call
            when: |
              cost > 0.5 and in_production
            notify: llm-team
            at_most: 4 per 1h
            severity: low

          # Rules that look over time: an alert for each customer when an hour costs more than 10 dollars, a reminder
          # every 4 hours while it lasts, and a mail when it is over. Remove the signs to use it.
          #   - name: spend
          #     per: [customer_identifier]
          #     sum: {of: cost, above: 10, within: 1h}
          #     notify: llm-team

        """
}
