//! What a carrier's code means, in plain words, and what to try next. Operators read it wherever a code is shown.

use super::Class;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
    pub means: &'static str,
    pub next: &'static str,
}

type Row = (&'static str, &'static str, &'static str);

const ASK_ANOTHER: &str = "Let them choose another channel, or an e-mail address.";
const CHECK_NUMBER: &str = "Ask the person to read their number out, and begin again with the right one.";
const CARRIER_SET_UP: &str = "Open the carrier in the portal, compare each value with its console, then send a test.";
const TEMPLATE: &str = "Look at the template in the carrier's console and at what is declared for it here.";
const LATER: &str = "It usually passes by itself; the next rung carries people meanwhile.";
const REGISTER: &str =
    "Register the sender with the carrier for this country, or route the country to another carrier.";
const MONEY: &str = "Pay or top up the carrier's account; declare a second carrier so that people are not stopped.";

/// Our own codes, whichever carrier it was.
const OWN: &[Row] = &[
    (
        "cap",
        "A spending cap is reached: SMS and calls are stopped.",
        "Look who asks for so many codes; then raise the cap, or wait until its time is over.",
    ),
    (
        "lost",
        "A server went silent while it was sending, so it is not known whether the carrier has the message.",
        "They can ask for the code again.",
    ),
    (
        "no_receipt",
        "The carrier took the message and did not say in time that it arrived.",
        "Nothing, if the next channel worked. If it is often so, look at the carrier's delivery reports for this country.",
    ),
    (
        "no_carrier",
        "No carrier that can be used carries this channel.",
        "Declare a carrier for it, or take the channel out of the connection's ladder.",
    ),
    ("no_channel", "The message named no channel that there is.", "Look at the connection's ladder."),
    (
        "opted_out",
        "They told this sender to stop, so nothing is sent by this channel.",
        "They have to let the sender in again themselves (START by SMS, or unblock in the app), or use another channel.",
    ),
    ("passed_over", "The carrier fails too often just now, or too much is waiting for it.", LATER),
    ("lapsed", "Another server looks after this message.", "Nothing."),
    ("unknown", "The line broke while the carrier was asked; it is asked again.", LATER),
    (
        "not_reached",
        "The carrier's server could not be reached.",
        "Look at the network between this server and the carrier, and at the carrier's status page.",
    ),
    (
        "no_sender",
        "No sender is set for this channel or country.",
        "Set the sender (number, name or page) on the carrier.",
    ),
];

/// https://www.twilio.com/docs/api/errors
const TWILIO: &[Row] = &[
    ("20003", "Twilio did not take the credentials.", CARRIER_SET_UP),
    ("20404", "Twilio knows no such service or account.", CARRIER_SET_UP),
    ("20429", "Too many requests to Twilio at once.", LATER),
    ("21211", "Twilio says there is no such number.", CHECK_NUMBER),
    ("21214", "Twilio says this number cannot be called.", CHECK_NUMBER),
    ("21217", "Twilio says there is no such number.", CHECK_NUMBER),
    (
        "21408",
        "The Twilio account may not send to this country.",
        "Allow the country in Twilio's Geo Permissions, or close its channel in the connection.",
    ),
    ("21606", "The sender's number cannot send to this number.", "Set a sender that can send SMS to this country."),
    (
        "21608",
        "A Twilio trial account sends to numbers verified in its console alone.",
        "Verify the number in Twilio's console, or upgrade the account.",
    ),
    (
        "21610",
        "They answered STOP to this sender.",
        "They have to answer START themselves; until then use another channel.",
    ),
    (
        "21612",
        "Twilio cannot send from this sender to this number.",
        "Set a sender for this country, or route the country to another carrier.",
    ),
    ("21614", "This is no mobile number.", "A call can reach it: is voice in the ladder?"),
    (
        "21703",
        "The messaging service has no sender for this country.",
        "Add a sender to the messaging service in Twilio's console.",
    ),
    ("30001", "Too many messages wait at Twilio.", LATER),
    (
        "30002",
        "The Twilio account is suspended.",
        "Sign in to Twilio's console: billing, or a compliance question, waits there.",
    ),
    (
        "30003",
        "The phone is off, out of coverage, or cannot take SMS now.",
        "Ask them to switch it on with coverage, then send again; else another channel.",
    ),
    ("30004", "The person, or their network, blocks these messages.", ASK_ANOTHER),
    ("30005", "The network knows no such phone: it may be out of service.", CHECK_NUMBER),
    ("30006", "A landline, or a network that takes no SMS.", "A call can reach it: is voice in the ladder?"),
    (
        "30007",
        "The network filtered the message as spam.",
        "Keep the message plain, register the sender for this country, and ask Twilio with the message's id.",
    ),
    (
        "30008",
        "The network gave no reason.",
        "Send once more; if it goes on, try another channel and ask Twilio with the message's id.",
    ),
    ("30022", "The sender reached its limit for this network (US 10DLC).", LATER),
    ("30023", "The sender reached its limit of today for this network.", LATER),
    ("30032", "The toll-free sender is not verified.", REGISTER),
    ("30034", "The US number is not registered (A2P 10DLC).", REGISTER),
    (
        "30450",
        "Twilio holds the message for fraud (SMS pumping protection).",
        "If the person is real, allow the number or prefix in Twilio's fraud settings.",
    ),
    ("60200", "Twilio Verify takes no such number.", CHECK_NUMBER),
    ("60202", "Too many checks of this verification at Twilio.", "After ten minutes they can begin again."),
    (
        "60203",
        "Five codes were sent to this number in ten minutes, Twilio Verify's limit.",
        "After ten minutes they can ask again.",
    ),
    ("60205", "Twilio Verify sends no SMS to landlines.", "A call can reach it: is voice in the ladder?"),
    ("60220", "Twilio Verify does not serve this number's country with this sender.", REGISTER),
    (
        "60238",
        "Twilio Verify blocks the number or its country.",
        "Allow it in the Verify service's settings, if the person is real.",
    ),
    (
        "60410",
        "Twilio Verify's Fraud Guard blocks this number's prefix for a while.",
        "If the person is real, put the prefix on Verify's safe list; otherwise leave it be.",
    ),
    ("60605", "The country is switched off in Verify's geo permissions.", "Allow the country in Twilio's console."),
    ("63003", "WhatsApp does not find this number.", ASK_ANOTHER),
    ("63007", "The WhatsApp sender is not this account's.", CARRIER_SET_UP),
    ("63016", "A free text outside the 24 hours of a conversation: a template is needed.", TEMPLATE),
    ("63018", "WhatsApp's limit for this sender is reached.", LATER),
    (
        "63024",
        "This number has no WhatsApp, or cannot be reached there.",
        "Nothing: the next channel carries it. SMS reaches them.",
    ),
    ("63027", "The WhatsApp template does not exist, in this language at least.", TEMPLATE),
    ("63028", "The WhatsApp template wants another number of values.", TEMPLATE),
    ("63032", "WhatsApp holds the message back: the number is part of an experiment of Meta's.", ASK_ANOTHER),
    (
        "63033",
        "They blocked this sender in WhatsApp.",
        "They can unblock it in WhatsApp; another channel works meanwhile.",
    ),
    ("63036", "The phone cannot take RCS.", "Nothing: the next channel carries it."),
    ("63040", "Meta rejected the WhatsApp template.", TEMPLATE),
    ("63041", "Meta paused the WhatsApp template.", TEMPLATE),
    ("63042", "Meta disabled the WhatsApp template.", TEMPLATE),
    (
        "63051",
        "Meta locked the WhatsApp business account.",
        "Look at Meta's Business Manager: a policy question waits there.",
    ),
];

/// https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
const META: &[Row] = &[
    ("0", "Meta did not take the access token.", CARRIER_SET_UP),
    ("4", "Too many requests to Meta at once.", LATER),
    (
        "10",
        "The access token lacks a permission.",
        "Give the system user whatsapp_business_messaging for this account, and make a new token.",
    ),
    ("100", "Meta did not understand a value.", CARRIER_SET_UP),
    (
        "190",
        "The access token is over or was withdrawn.",
        "Make a new permanent token of a system user and enter it at the carrier.",
    ),
    (
        "368",
        "Meta holds the account back for a breach of its rules.",
        "Look at Meta's Business Manager: a policy question waits there.",
    ),
    ("130429", "Meta's limit of messages a second is reached.", LATER),
    ("130472", "Meta holds the message back: the number is part of an experiment.", ASK_ANOTHER),
    ("130497", "The account may not write to this country.", "Close WhatsApp for this country in the connection."),
    ("131000", "Something went wrong at Meta.", LATER),
    ("131005", "The access token may not do this.", CARRIER_SET_UP),
    ("131016", "Meta is not available.", LATER),
    ("131021", "The sender wrote to its own number.", CHECK_NUMBER),
    (
        "131026",
        "Cannot be delivered: no WhatsApp on this number, an old version, or its terms not agreed to.",
        "Nothing: the next channel carries it. SMS reaches them.",
    ),
    (
        "131030",
        "The number is not on the list of a test account.",
        "Add the number to the test numbers in Meta's console, or use a real sender.",
    ),
    ("131031", "Meta locked the account.", "Look at Meta's Business Manager: a policy question waits there."),
    ("131037", "The sender's display name is not approved.", "Have the name approved in WhatsApp Manager."),
    ("131042", "Meta could not charge the account.", MONEY),
    ("131045", "The sender's number is not registered.", CARRIER_SET_UP),
    ("131047", "A free text outside the 24 hours of a conversation: a template is needed.", TEMPLATE),
    (
        "131048",
        "Too many of this sender's messages were reported as spam.",
        "Look at the sender's quality in WhatsApp Manager.",
    ),
    ("131049", "Meta holds the message back for the good of its network.", ASK_ANOTHER),
    (
        "131050",
        "They stopped messages of this sender.",
        "They can allow it again in WhatsApp; another channel works meanwhile.",
    ),
    ("131056", "Too many messages to this number in a short time.", LATER),
    ("132000", "The template wants another number of values.", TEMPLATE),
    ("132001", "The template does not exist in this language, or is not approved.", TEMPLATE),
    ("132007", "The template breaks a rule of Meta's.", TEMPLATE),
    ("132015", "Meta paused the template for its quality.", TEMPLATE),
    ("132016", "Meta disabled the template.", TEMPLATE),
    ("133010", "The sender's number is not registered.", CARRIER_SET_UP),
];

/// https://developer.vonage.com/en/api-errors/messages
const VONAGE: &[Row] = &[
    ("1000", "Too many requests to Vonage at once.", LATER),
    ("1020", "Vonage did not understand a value.", CARRIER_SET_UP),
    ("1050", "The number is barred at Vonage.", ASK_ANOTHER),
    ("1070", "The Vonage account has no money left.", MONEY),
    ("1120", "The sender is not allowed for this channel or country.", REGISTER),
    (
        "1160",
        "A trial account sends to numbers of its list alone.",
        "Add the number at Vonage, or upgrade the account.",
    ),
    ("1170", "Vonage says there is no such number.", CHECK_NUMBER),
    (
        "1180",
        "The phone is away from its network just now.",
        "Ask them to switch it on with coverage, then send again; else another channel.",
    ),
    ("1190", "The network knows no such phone.", CHECK_NUMBER),
    (
        "1240",
        "They told this sender to stop.",
        "They have to let it in again themselves; until then use another channel.",
    ),
    ("1460", "The sender is not registered for this country.", REGISTER),
    (
        "1470",
        "Vonage holds the message for fraud.",
        "If the person is real, allow the number or prefix in Fraud Defender.",
    ),
];

const TELEGRAM: &[Row] = &[
    ("ACCESS_TOKEN_INVALID", "Telegram did not take the token.", CARRIER_SET_UP),
    ("BALANCE_NOT_ENOUGH", "The Telegram Gateway account has no money left.", MONEY),
    ("FLOOD_WAIT", "Too many requests to Telegram at once.", LATER),
    (
        "PHONE_NUMBER_NOT_AVAILABLE",
        "This number has no Telegram, or takes no codes there.",
        "Nothing: the next channel carries it.",
    ),
    ("SENDER_NOT_VERIFIED", "The sender is no verified channel.", CARRIER_SET_UP),
];

/// RFC 3463: what the enhanced status of a mail server means.
const MAIL: &[Row] = &[
    ("5.1.1", "The mail server knows no such mailbox.", "Ask the person for their address letter by letter."),
    ("5.1.2", "There is no mail server for this domain.", "Ask the person for their address letter by letter."),
    ("5.2.1", "The mailbox is switched off.", ASK_ANOTHER),
    ("5.2.2", "The mailbox is full.", "They have to make room, or use another address."),
    (
        "5.7.1",
        "The mail server refuses our mail by its rules.",
        "Look at SPF, DKIM and DMARC of the sender's domain, and at blocklists.",
    ),
    ("5.7.8", "The mail server did not take username and password.", CARRIER_SET_UP),
    ("5.7.26", "The mail failed SPF, DKIM or DMARC.", "Set SPF, DKIM and DMARC for the sender's domain."),
];

impl Explained {
    /// By the carrier's kind, its code and what was made of it; the most exact that is known.
    pub fn of(kind: Option<&str>, code: &str, class: Option<Class>) -> Option<Self> {
        let code = code.trim();
        let vendor = vendor(kind, code);
        // `smtp 550 5.1.1`: the last word says most.
        let words = || code.split_whitespace().rev();
        let row = words().find_map(|word| find(OWN, word).or_else(|| find(vendor, word)));
        row.or_else(|| class.map(Self::of_class))
    }

    pub fn of_class(class: Class) -> Self {
        let (means, next) = match class {
            Class::Unreachable => ("This number or address cannot be reached this way.", ASK_ANOTHER),
            Class::Misconfigured => ("Something is set up wrongly, here or at the carrier.", CARRIER_SET_UP),
            Class::Busy => ("The carrier is busy or has a fault.", LATER),
            Class::BadNumber => ("There is no such number or address.", CHECK_NUMBER),
            Class::OptedOut => (
                "They told this sender to stop.",
                "They have to let it in again themselves; until then use another channel.",
            ),
            Class::Policy => (
                "A rule about the country, the traffic or the account forbids it.",
                "Look at the country's settings and the fraud settings in the carrier's console.",
            ),
        };
        Self { means, next }
    }
}

fn vendor(kind: Option<&str>, code: &str) -> &'static [Row] {
    match kind {
        Some("twilio_messaging" | "twilio_verify") => TWILIO,
        Some("meta_whatsapp") => META,
        Some("vonage") => VONAGE,
        Some("telegram_gateway") => TELEGRAM,
        Some("smtp") => MAIL,
        Some(_) => &[],
        // A carrier that is no more: its codes' length tells.
        None => match code.len() {
            5 => TWILIO,
            6 => META,
            4 => VONAGE,
            _ => &[],
        },
    }
}

fn find(rows: &[Row], code: &str) -> Option<Explained> {
    rows.iter().find(|(known, _, _)| *known == code).map(|(_, means, next)| Explained { means, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_explained_as_exactly_as_it_is_known() {
        let means = |kind, code, class| Explained::of(kind, code, class).map(|explained| explained.means);
        assert!(means(Some("twilio_messaging"), "63024", None).is_some_and(|text| text.contains("no WhatsApp")));
        assert_eq!(means(None, "63024", None), means(Some("twilio_verify"), "63024", None));
        assert!(means(Some("meta_whatsapp"), "131026", None).is_some());
        assert_eq!(means(Some("webhook"), "63024", None), None, "somebody else's code may mean anything");
        assert_eq!(means(Some("webhook"), "77", Some(Class::Busy)), Some(Explained::of_class(Class::Busy).means));
        assert!(means(Some("smtp"), "smtp 550 5.1.1", None).is_some_and(|text| text.contains("mailbox")));
        assert!(means(None, "cap", Some(Class::Policy)).is_some_and(|text| text.contains("cap")));
        for code in ["63024", "30003", "30005", "30006", "30007", "30034", "60200", "60203", "21610", "21408"] {
            assert!(means(Some("twilio_messaging"), code, None).is_some(), "{code}");
        }
    }

    #[test]
    fn every_row_stands_once_and_says_both() {
        for table in [OWN, TWILIO, META, VONAGE, TELEGRAM, MAIL] {
            for (at, (code, means, next)) in table.iter().enumerate() {
                assert!(means.ends_with('.') && next.ends_with(['.', '?']), "{code}");
                assert!(table[at + 1..].iter().all(|(other, _, _)| other != code), "{code} twice");
            }
        }
    }
}
