//! One number, one form: what is written as in another decade, or as for another network, means the number of today; and the
//! form in which a channel's carriers expect it.
//!
//! Three countries are more than their E.164:
//!
//! - **Mexico.** Until August 2019 a mobile was `+52 1` and ten digits from abroad, and 044, 045 or 01 came before it at home.
//!   Now it is `+52` and ten digits, for calls and texts alike, and with the 1 calls fail (Twilio: "Mexico and France regulatory
//!   compliance updates", 12 August 2019; messaging guidelines for Mexico). Accounts WhatsApp opened before have ids `521…`;
//!   Meta finds them by `52…`: "For Brazil and Mexico, the extra added prefix of the phone number may be modified by the Cloud
//!   API. This is a standard behavior of the system and is not considered a bug" (Cloud API, Messages, phone number formats).
//! - **Brazil.** Until 2016 every mobile got a 9 in front of its eight digits, whatever they began with. Networks want the nine.
//!   WhatsApp accounts from before, outside area codes 11 to 28, have ids without it; Meta finds them as above.
//! - **Argentina.** A mobile is `+54 9`, area code, number: so it is called from abroad, so libphonenumber writes the E.164 our
//!   carriers ask for, and so WhatsApp wants it ("should have a 9 between the country code and area code. The prefix 15 must be
//!   removed": WhatsApp help, international phone numbers). Only texts typed on a foreign phone go without the 9, and no
//!   carrier's manual asks for that. The same digits without it may be a landline, somebody else's: the 9 is neither added nor
//!   taken away.
//!
//! So each channel gets the same form today. A gateway that speaks to WhatsApp past Meta must look ids up itself.

use crate::domain::delivery::Channel;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

/// How this channel's carriers want the number, with its plus. An address comes back as it is.
pub fn form(to: &str, channel: Channel) -> String {
    match channel {
        Channel::Email => to.to_owned(),
        Channel::Whatsapp | Channel::Telegram | Channel::Sms | Channel::Voice => {
            today(to).unwrap_or_else(|| to.to_owned())
        }
    }
}

/// The number that an outdated way of writing means; nothing where it is written as today, or means no number.
pub fn today(e164: &str) -> Option<String> {
    let meant = mexican(e164).or_else(|| brazilian(e164)).or_else(|| argentine(e164))?;
    let number = PHONE_NUMBER_UTIL.parse(&meant, None).ok()?;
    number.is_valid().then(|| number.format_as(PhoneNumberFormat::E164).into_owned())
}

/// What was dialled before a mobile's ten digits was never part of the number.
fn mexican(e164: &str) -> Option<String> {
    let dialled = e164.strip_prefix("+52")?;
    let number = ["1", "044", "045", "01"].iter().find_map(|prefix| digits(dialled.strip_prefix(prefix)?, 10))?;
    Some(format!("+52{number}"))
}

/// Eight digits that begin with 6, 8 or 9 are a mobile from before the ninth: landlines begin with 2 to 5, and 7 belonged to radio
/// networks, which never got one. The old form is nobody's number now, so nobody else's is taken for it.
fn brazilian(e164: &str) -> Option<String> {
    let (area, number) = digits(e164.strip_prefix("+55")?, 10)?.split_at_checked(2)?;
    number.starts_with(['6', '8', '9']).then(|| format!("+55{area}9{number}"))
}

/// Both the 9 of abroad and the 15 of home, which libphonenumber takes for the 9 when it stands alone.
fn argentine(e164: &str) -> Option<String> {
    digits(e164.strip_prefix("+549")?, 12).map(|number| format!("+54{number}"))
}

fn digits(text: &str, count: usize) -> Option<&str> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rlibphonenumber::Region;

    /// As `parse` reads it: libphonenumber, then what an outdated form means.
    fn read(typed: &str, region: &str) -> String {
        let number = PHONE_NUMBER_UTIL.parse(typed, region.parse::<Region>().ok()).expect("a number");
        let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
        today(&e164).unwrap_or(e164)
    }

    #[test]
    fn every_way_of_writing_a_number_is_one_number() {
        for (region, one, ways) in [
            (
                "MX",
                "+525512345678",
                &["55 1234 5678", "+52 1 55 1234 5678", "1 55 1234 5678", "044 55 1234 5678", "01 55 1234 5678"][..],
            ),
            (
                "AR",
                "+5491123456789",
                &["+54 11 15-2345-6789", "011 15-2345-6789", "+54 9 11 15 2345 6789", "+54 9 11 2345-6789"],
            ),
            ("AR", "+5493434123456", &["0343 15 412-3456", "+54 9 343 15 412-3456", "+54 343 15 412 3456"]),
            ("BR", "+5531988887777", &["(31) 98888-7777", "(31) 8888-7777", "+55 31 8888 7777", "031 8888-7777"]),
        ] {
            assert_eq!(read(one, region), one);
            for typed in ways {
                assert_eq!(read(typed, region), one, "{typed}");
            }
        }
    }

    #[test]
    fn what_may_be_somebody_elses_number_stays() {
        // A landline of Buenos Aires, one of Belo Horizonte, a radio of São Paulo, a number of Mexico City, one of elsewhere.
        for e164 in
            ["+541123456789", "+553138887777", "+551177887777", "+525512345678", "+2348031234567", "+12025550123"]
        {
            assert_eq!(today(e164), None, "{e164}");
        }
        // Outdated, and no number either way.
        for e164 in ["+521", "+5210000000000", "+550088887777", "+549111523456789012"] {
            assert_eq!(today(e164), None, "{e164}");
        }
    }

    #[test]
    fn each_channel_gets_the_form_its_carriers_want() {
        for channel in [Channel::Whatsapp, Channel::Telegram, Channel::Sms, Channel::Voice] {
            for e164 in ["+525512345678", "+5491123456789", "+5531988887777", "+541123456789", "+2348031234567"] {
                assert_eq!(form(e164, channel), e164, "{channel:?}");
            }
            // Kept from elsewhere in an outdated form.
            assert_eq!(form("+5215512345678", channel), "+525512345678");
            assert_eq!(form("+553188887777", channel), "+5531988887777");
        }
        assert_eq!(form("ada@example.com", Channel::Email), "ada@example.com");
    }
}
