//! What to fetch where before a carrier can be declared, in the vendors' own words for their menus.

/// How a kind of carrier is begun with.
pub struct Guide {
    pub kind: &'static str,
    pub name: &'static str,
    pub what: &'static str,
    pub channels: &'static str,
    /// What it takes to begin.
    pub begin: &'static str,
    pub steps: &'static [Step],
    /// Where our address is pasted; nothing where each message names it by itself, or nothing comes back.
    pub paste: &'static str,
    /// Whether what it needs from us can be made for it.
    pub syncs: bool,
}

pub struct Step {
    pub title: &'static str,
    pub how: &'static str,
    /// Where that is.
    pub link: &'static str,
}

const fn step(title: &'static str, how: &'static str, link: &'static str) -> Step {
    Step { title, how, link }
}

impl Guide {
    pub fn of(kind: &str) -> Option<&'static Self> {
        GUIDES.iter().find(|guide| guide.kind == kind)
    }

    pub fn docs(&self) -> String {
        format!("docs/carriers/{}.md", self.kind)
    }
}

pub const GUIDES: &[Guide] = &[
    Guide {
        kind: "smtp",
        name: "Mail server (SMTP)",
        what: "Any server that takes mail for your domain.",
        channels: "E-mail",
        begin: "Nothing but a mailbox; minutes.",
        steps: &[
            step(
                "Host, user name and password",
                "Your mail company shows them on its page called SMTP. Use port 587 with STARTTLS, or 465 with TLS.",
                "",
            ),
            step("An address codes come from", "Under a domain you own, such as Shop <no-reply@shop.example>.", ""),
            step(
                "Three DNS records",
                "SPF, DKIM and DMARC for that domain, with the values your mail company shows: without them large mailboxes refuse the mail, or hide it.",
                "",
            ),
        ],
        paste: "",
        syncs: false,
    },
    Guide {
        kind: "telegram_gateway",
        name: "Telegram Gateway",
        what: "Telegram's own account for codes. Says at once whether a number is on Telegram.",
        channels: "Telegram",
        begin: "About a cent a code; minutes. Codes to your own number are free.",
        steps: &[
            step(
                "An account",
                "Log in with your Telegram number, and say who you are.",
                "https://gateway.telegram.org/",
            ),
            step("A balance", "Add Funds on Fragment.", "https://gateway.telegram.org/account"),
            step(
                "The API token",
                "Account settings > Copy Token. If you limit which addresses may use it, list those of every node.",
                "https://gateway.telegram.org/account/api",
            ),
        ],
        paste: "",
        syncs: false,
    },
    Guide {
        kind: "twilio_verify",
        name: "Twilio Verify",
        what: "Twilio's senders, words and fraud protection: no number to buy, no campaign to register.",
        channels: "SMS, WhatsApp, calls, e-mail",
        begin: "A fee for each sign-in beside the message; a quarter of an hour.",
        steps: &[
            step(
                "An account",
                "Upgrade it from trial: on trial it reaches only numbers you verified. The first page of the Console shows the Account SID (AC…) and the auth token.",
                "https://console.twilio.com/",
            ),
            step(
                "A Verify service",
                "Verify > Services > Create new. Its friendly name is what messages call you; its code length must be yours (6 unless you changed it). It has the Service SID (VA…).",
                "https://console.twilio.com/us1/develop/verify/services",
            ),
            step("Countries", "Verify > Settings > Geo permissions: only those you tick are reached.", ""),
            step(
                "Receipts, where wanted",
                "Event Streams > Sinks: a webhook sink for Verify events, to the address below.",
                "",
            ),
        ],
        paste: "Event Streams > Sinks > Create, type Webhook, if you want receipts.",
        syncs: false,
    },
    Guide {
        kind: "twilio_messaging",
        name: "Twilio Messaging",
        what: "SMS, WhatsApp and calls by senders of your own; every channel carries the same code.",
        channels: "SMS, WhatsApp, calls",
        begin: "A number from about a dollar a month, and each message. Most countries within the hour; WhatsApp days, the United States weeks.",
        steps: &[
            step(
                "An account",
                "Upgrade it from trial. The first page of the Console shows the Account SID (AC…) and the auth token; receipts are signed with the token.",
                "https://console.twilio.com/",
            ),
            step(
                "A sender for SMS",
                "Phone Numbers > Buy a number; or a sender name where the country takes one; or a Messaging Service (MG…). The United States want A2P 10DLC: Messaging > Regulatory compliance.",
                "https://www.twilio.com/en-us/guidelines/sms",
            ),
            step(
                "Countries",
                "Messaging > Settings > Geo permissions, and Voice > Settings > Geo permissions for calls. Tick no more than you offer: fraud looks for the rest.",
                "",
            ),
            step(
                "WhatsApp, where wanted",
                "Messaging > Senders > WhatsApp senders; and in Content Template Builder a template of type Authentication for each language (HX…).",
                "",
            ),
        ],
        paste: "",
        syncs: false,
    },
    Guide {
        kind: "meta_whatsapp",
        name: "WhatsApp by Meta",
        what: "Meta's Cloud API, with no company in between.",
        channels: "WhatsApp",
        begin: "About a cent a code; an hour of forms, then days until Meta has verified your business.",
        steps: &[
            step(
                "A verified business",
                "Business settings > Security Center > Start verification.",
                "https://business.facebook.com/settings",
            ),
            step(
                "An app",
                "Type Business, with the product WhatsApp. WhatsApp > API Setup shows the Phone number ID and the WhatsApp Business Account ID.",
                "https://developers.facebook.com/apps",
            ),
            step(
                "A phone number",
                "One that is in no WhatsApp app, and a payment method. Meta's test number writes to five numbers you list, and to nobody else.",
                "",
            ),
            step(
                "A permanent token",
                "Business settings > Users > System users: add one, assign it the app and the WhatsApp account with full control, and generate a token that never expires, with whatsapp_business_messaging and whatsapp_business_management.",
                "https://business.facebook.com/settings/system-users",
            ),
            step("The app's secret", "App settings > Basic > App secret.", ""),
        ],
        paste: "WhatsApp > Configuration > Webhook: Callback URL, with your verify token; then subscribe to the field messages.",
        syncs: true,
    },
    Guide {
        kind: "vonage",
        name: "Vonage",
        what: "One account and one application; each channel is switched on by naming its sender.",
        channels: "SMS, WhatsApp, calls",
        begin: "Pay as you go; within the hour where sender names are free.",
        steps: &[
            step(
                "An account",
                "With money on it: a trial account writes to the numbers you list, and to nobody else.",
                "https://dashboard.vonage.com/",
            ),
            step(
                "The Messages API",
                "Settings > API Settings > Messaging API Type: Messages API. The signature secret stands on the same page.",
                "https://dashboard.vonage.com/settings",
            ),
            step(
                "An application",
                "Build > Applications > Create: Generate public and private key, and keep private.key, which is shown once. Switch on Messages and, for calls, Voice.",
                "https://dashboard.vonage.com/applications",
            ),
            step(
                "A sender for each channel",
                "A number you rent and link to the application, or a name where the country allows names.",
                "",
            ),
        ],
        paste: "Build > Applications > your application: wherever its forms want an address.",
        syncs: false,
    },
    Guide {
        kind: "webhook",
        name: "Your own gateway",
        what: "We post each message to an address of yours; what stands behind it sends it.",
        channels: "Any you name",
        begin: "A program of yours.",
        steps: &[
            step(
                "Its address",
                "One that answers 2xx to signed JSON. At a private address it needs the switch under Connection.",
                "",
            ),
            step(
                "A secret",
                "Both sides have it: whsec_ and 32 random bytes in base64. Standard Webhooks' libraries check what we sign.",
                "https://www.standardwebhooks.com/",
            ),
        ],
        paste: "Where your gateway reports what became of messages, if it does.",
        syncs: false,
    },
    Guide {
        kind: "dev_phone",
        name: "Phone page, for trying out",
        what: "Codes arrive on a page of this server. Only where it was started for trying out.",
        channels: "All",
        begin: "Nothing.",
        steps: &[],
        paste: "",
        syncs: false,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::carrier::CarrierKind;

    #[test]
    fn every_kind_has_a_guide_and_a_page() {
        for kind in CarrierKind::NAMES {
            let guide = Guide::of(kind).expect("a guide");
            let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(guide.docs());
            assert!(kind == "dev_phone" || page.is_file(), "{kind}");
        }
    }
}
