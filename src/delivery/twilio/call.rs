//! What a call says, as TwiML: the words in a voice that speaks the person's language, the digits slowly and apart.

use crate::domain::delivery::Message;

/// Between two digits: long enough to write one down.
const BETWEEN: &str = r#"<break time="700ms"/>"#;
const BEFORE_AND_AFTER: &str = r#"<break time="500ms"/>"#;

/// Inline, so that Twilio need not ask us for it. A second passes first: the phone is on its way to the ear.
pub fn twiml(message: &Message) -> String {
    let language = language(&message.language);
    // Named, because an account's own default may neither speak the language nor know pauses.
    let voice = format!("Google.{language}-Standard-A");
    let words = spoken(&message.text, &message.digits);
    format!(
        r#"<Response><Pause length="1"/><Say language="{language}" voice="{voice}">{words}</Say><Pause length="1"/></Response>"#
    )
}

/// The words as they are, but where the digits stand one by one, they are said slowly.
fn spoken(text: &str, digits: &str) -> String {
    let digits: Vec<String> = digits.chars().map(|digit| escaped(&digit.to_string())).collect();
    if digits.is_empty() {
        return escaped(text);
    }
    let slowly = digits.join(BETWEEN);
    let slowly = format!(r#"{BEFORE_AND_AFTER}<prosody rate="slow">{slowly}</prosody>{BEFORE_AND_AFTER}"#);
    text.split(&digits.join(", ")).map(escaped).collect::<Vec<_>>().join(&slowly)
}

/// A language Twilio's voices speak. For those they do not, such as Swahili, the English one: its digits are understood.
fn language(tag: &str) -> &'static str {
    match tag.split(['-', '_']).next().unwrap_or_default() {
        "es" => "es-US",
        "pt" => "pt-BR",
        "fr" => "fr-FR",
        "de" => "de-DE",
        "id" => "id-ID",
        "hi" => "hi-IN",
        "ar" => "ar-XA",
        _ => "en-US",
    }
}

/// As text in XML 1.0, and without what may not stand there at all.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '"' => plain.push_str("&quot;"),
            '\'' => plain.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => plain.push(' '),
            letter => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_said_apart_and_twice() {
        let said = spoken("Your code is: 1, 2, 3. Once more: 1, 2, 3. Goodbye.", "123");
        assert_eq!(said.matches(r#"<prosody rate="slow">1<break time="700ms"/>2"#).count(), 2);
        assert!(said.starts_with("Your code is: <break") && said.ends_with(". Goodbye."));
        assert_eq!(spoken("No digits", "123"), "No digits");
        assert_eq!(spoken("None", ""), "None");
    }

    #[test]
    fn an_apps_name_writes_no_markup() {
        let said = spoken("Your <Evil & Co>\u{7}</Say><Hangup/> \"code\" is: 1, 2.", "12");
        assert!(said.starts_with("Your &lt;Evil &amp; Co&gt; &lt;/Say&gt;&lt;Hangup/&gt; &quot;code&quot; is: <break"));
    }

    #[test]
    fn each_language_of_ours_has_a_voice() {
        let all = ["en", "es", "pt-BR", "fr", "de", "id", "hi", "sw", "ar", ""].map(language);
        assert_eq!(all, ["en-US", "es-US", "pt-BR", "fr-FR", "de-DE", "id-ID", "hi-IN", "en-US", "ar-XA", "en-US"]);
    }
}
