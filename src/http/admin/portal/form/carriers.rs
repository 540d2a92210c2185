//! What a carrier's form holds: what all have, and each kind's own settings and secrets.

use super::Shape::{Among, Lines, Number, OneOf, Pairs, Rows, Secret, Text, Toggle};
use super::fields::CHANNELS;
use super::{Field, Group, Source, field, folded, group};

pub fn groups(kind: &str) -> Vec<Group> {
    let own = match kind {
        "smtp" => SMTP,
        "twilio_messaging" => TWILIO_MESSAGING,
        "twilio_verify" => TWILIO_VERIFY,
        "meta_whatsapp" => META_WHATSAPP,
        "vonage" => VONAGE,
        "telegram_gateway" => TELEGRAM_GATEWAY,
        "webhook" => WEBHOOK,
        _ => &[],
    };
    let mut all = vec![group("", FIRST), group("Account", own), group("Prices", PRICES), folded("Connection", LAST)];
    all.retain(|group| !group.fields.is_empty());
    all
}

const FIRST: &[Field] = &[
    field("name", "Name", "Ladders list it by this name. Letters, digits, . _ -.", Text),
    field(
        "kind",
        "Kind",
        "",
        OneOf(&[
            ("smtp", "Mail server (SMTP)"),
            ("twilio_messaging", "Twilio Messaging"),
            ("twilio_verify", "Twilio Verify"),
            ("meta_whatsapp", "WhatsApp by Meta"),
            ("vonage", "Vonage"),
            ("telegram_gateway", "Telegram Gateway"),
            ("webhook", "Your own gateway"),
            ("dev_phone", "Phone page, for trying out"),
        ]),
    ),
    field("enabled", "In use", "", Toggle(true)),
];

const PRICES: &[Field] = &[field(
    "price",
    "What a message costs",
    "The longest prefix that fits counts; an empty one is everywhere else. An SMS or call without a price counts 0.10.",
    Rows(&[
        field("channel", "Channel", "", OneOf(CHANNELS)),
        field("prefix", "Numbers that begin", "", Text),
        field("amount", "Each", "", Text),
    ]),
)];

const LAST: &[Field] = &[
    field("timeout_seconds", "Seconds it may take to answer", "", Number),
    field("base_url", "Another address than its usual one", "For a region, a gateway, a test.", Text),
    field("allow_private", "May stand at a private address", "", Toggle(false)),
];

const SMTP: &[Field] = &[
    field("host", "Server", "Like smtp.example.com.", Text),
    field(
        "security",
        "Security",
        "",
        OneOf(&[
            ("starttls", "STARTTLS, port 587"),
            ("tls", "TLS, port 465"),
            ("none", "None: only on a private network"),
        ]),
    ),
    field("port", "Port", "Left empty, the usual one.", Number),
    field("username", "User name", "", Text),
    field("password", "Password", "", Secret),
    field("from", "Mails come from", "Like Shop <no-reply@shop.example>.", Text),
    field("reply_to", "Replies go to", "", Text),
    field("bounce_to", "Bounces go to", "A bare address.", Text),
    field("ca_file", "Private CA, a PEM file on the server", "", Text),
];

const TWILIO_MESSAGING: &[Field] = &[
    field("account_sid", "Account SID", "AC…, on the Console's first page.", Text),
    field("auth_token", "Auth token", "Beside it. Twilio signs receipts with it.", Secret),
    field("api_key", "API key SID", "SK…: calls are then made with it.", Text),
    field("api_secret", "API key secret", "", Secret),
    field("messaging_service_sid", "Messaging Service SID", "MG…. Either this or a sender.", Text),
    field("from", "SMS sender", "A number, short code or name.", Text),
    field("whatsapp_from", "WhatsApp sender", "Its number.", Text),
    field("content_sids", "WhatsApp templates", "* = HX…, and one for each language you have, one a line.", Pairs),
    field("voice_from", "Calls come from", "A number.", Text),
    field(
        "risk_check",
        "Twilio's protection against SMS pumping",
        "",
        OneOf(&[("", "as the account says"), ("enable", "on"), ("disable", "off")]),
    ),
    field("region", "Region", "Like ie1. Left empty: the United States.", Text),
    field("shared_key", "Shared key for receipts", "The newer form of Twilio's signature.", Secret),
];

const TWILIO_VERIFY: &[Field] = &[
    field("account_sid", "Account SID", "AC…, on the Console's first page.", Text),
    field("auth_token", "Auth token", "Beside it.", Secret),
    field("api_key", "API key SID", "SK…: calls are then made with it.", Text),
    field("api_secret", "API key secret", "", Secret),
    field("service_sid", "Verify Service SID", "VA….", Text),
    field("custom_codes", "Codes of our own", "Only where Twilio allowed it for this service.", Toggle(false)),
    field("channels", "Channels", "None: SMS, WhatsApp and calls.", Among(Source::Channels)),
    field("event_streams", "An Event Streams sink tells us of receipts", "", Toggle(false)),
    field("shared_key", "Shared key for receipts", "", Secret),
];

const META_WHATSAPP: &[Field] = &[
    field("phone_number_id", "Phone number id", "On the app's WhatsApp page; not the number itself.", Text),
    field("business_account_id", "WhatsApp Business Account id", "", Text),
    field("access_token", "Access token", "A system user's permanent token.", Secret),
    field("app_secret", "App secret", "Under App settings, Basic. Meta signs receipts with it.", Secret),
    field(
        "verify_token",
        "Verify token",
        "16 characters or more of your own, repeated in Meta's webhook form.",
        Secret,
    ),
    field("template", "Template", "Its name; it is made for you in every language of the pages.", Text),
    field("version", "Graph API version", "Like v23.0.", Text),
];

const VONAGE: &[Field] = &[
    field("application_id", "Application id", "", Text),
    field("private_key", "The application's private key", "PEM.", Secret),
    field("signature_secret", "Signature secret", "Under Settings; receipts are signed with it.", Secret),
    field("from", "SMS sender", "A number or name.", Text),
    field("whatsapp_from", "WhatsApp sender", "Its number.", Text),
    field("whatsapp_template", "WhatsApp template", "", Text),
    field("whatsapp_languages", "Its languages", "One a line.", Lines),
    field("voice_from", "Calls come from", "A number.", Text),
];

const TELEGRAM_GATEWAY: &[Field] = &[
    field("access_token", "API token", "On gateway.telegram.org, under Account.", Secret),
    field("sender_username", "From your channel", "Its name without @. Left empty: Telegram's own.", Text),
];

const WEBHOOK: &[Field] = &[
    field("url", "Your gateway", "Messages are posted here.", Text),
    field(
        "shape",
        "It reads",
        "",
        OneOf(&[
            ("standard", "our own form"),
            ("supabase", "Supabase's SMS hook"),
            ("logto", "Logto's HTTP connector"),
        ]),
    ),
    field("channels", "Channels", "", Among(Source::Channels)),
    field("secret", "Signing secret", "whsec_….", Secret),
    field("authorization", "Authorization header", "For the shape of Logto.", Secret),
    field("receipts", "It posts receipts back", "", Toggle(false)),
];
