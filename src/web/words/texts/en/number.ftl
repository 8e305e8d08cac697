# A WhatsApp number: setting it up, and how it fares.
inboxes-add-whatsapp = Set up a WhatsApp number
number-about = The ids, the token and the app's secret are tried at Meta; token and secret are then forgotten. What you paste into Meta's console and put into the settings is shown.
number-phone-id = Phone number ID (WhatsApp, API Setup; not the number itself)
number-account-id = WhatsApp Business Account ID
number-token = Access token of a system user
number-app-secret = App secret (App settings, Basic)
number-more = Verify token and Graph API
number-verify-token = Verify token, which Meta shows at its first call
number-graph-url = Address of the Graph API
number-graph-version = Its version
number-subscribe = Subscribe the app to the account, where it is not yet
number-no-id = Both ids are digits only; take them from WhatsApp, API Setup in Meta's console.
number-no-token = Give the access token; it is only tried.
number-no-graph = Only Meta’s address of the Graph API, or one that an inbox of the settings has, is called from here; for another use sureply inbox add whatsapp.
number-console = For Meta's console
number-console-hint = Paste this under WhatsApp, Configuration, Webhook, once the server runs with the settings below, and subscribe to the fields.
number-console-callback = Callback URL
number-console-verify-token = Verify token
number-console-fields = Webhook fields
number-section-hint = Add this to the settings, set the variables SUREPLY_WHATSAPP_TOKEN and SUREPLY_WHATSAPP_APP_SECRET where the server starts, and start it again.
number-check-number = Number
number-check-secret = App secret
number-check-token = Access token
number-check-account = Business account
number-check-subscription = Subscription
number-quality-green = good quality
number-quality-yellow = medium quality
number-quality-red = low quality
number-quality-unknown = quality not rated yet
number-ends = ends in { $days ->
    [one] one day
   *[other] { $days } days
 }
number-ended = has ended
number-not-sent = messages do not leave
number-name = Name:
number-tier = Customers it may write to first in a day:
number-throughput = Throughput:
number-token-of = Access token:
number-version = Graph API
number-heard = Meta last called
number-unheard = Meta has not called yet
number-looked = looked at
number-call = Test the webhook
number-see = See the number
number-warn-token = The access token ends in { $days ->
    [one] one day
   *[other] { $days } days
 }; make a new one and put it into the settings.
number-warn-token-over = The access token has ended: no message leaves. Make a new one and put it into the settings.
number-warn-data = Access to data ends in { $days ->
    [one] one day
   *[other] { $days } days
 }; log in to Meta's console with the token's app.
number-warn-data-over = Access to data has ended; log in to Meta's console with the token's app.
number-warn-version = The version of the Graph API ends in { $days ->
    [one] one day
   *[other] { $days } days
 }; set a newer graph_version.
number-warn-version-over = The version of the Graph API has ended; set a newer graph_version.
number-warn-quality = Customers block or report its messages: the quality is low, and Meta may limit the number.
number-warn-restricted = It may not send: { $words }
number-warn-unseen = It could not be looked at: { $words }
number-called-reached = The webhook was reached and takes what Meta posts.
number-called-elsewhere = Something else answers at the public address; check server.public_url and the proxy before it.
number-called-wrong-token = What answers there knows another verify token: another server, or one that was not restarted with these settings.
number-called-wrong-secret = What answers there does not take our signature: another server, or one with another app secret.
number-called-certificate = The certificate is not good: Meta takes only one that a public authority has signed for this name.
number-called-redirect = The address leads elsewhere, and Meta follows no redirect; set server.public_url to where it leads.
number-called-timed-out = No answer came within 10 seconds; check the firewall and the proxy.
number-called-unreachable = Nothing can be reached there; check the name, the port and the firewall.
number-called-unset = Set server.public_url to the https address at which Meta reaches this server.
