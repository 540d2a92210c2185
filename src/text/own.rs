//! Operators' own words: what they may say, and a language spoken with them.

use super::words::{Words, keys};
use super::{Texts, languages};
use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::BTreeSet;

/// Longer ones are none of a page's or a message's sentences.
const LONGEST: usize = 600;

/// A sentence as it is shipped.
pub struct Shipped {
    pub key: &'static str,
    pub text: String,
    /// What may be put into it.
    pub holes: BTreeSet<String>,
}

impl Texts {
    /// Every sentence of a language, as shipped; nothing where we do not speak it.
    pub fn shipped(&self, language: &str) -> Vec<Shipped> {
        let Some((_, source)) = languages::SOURCES.iter().find(|(tag, _)| *tag == language) else { return Vec::new() };
        let told = |key: &'static str| {
            let text = value_of(source, key)?;
            Some(Shipped { key, holes: holes_of(key), text })
        };
        keys(source).filter_map(told).collect()
    }

    /// Whether a sentence may be said so; else which field is wrong, and what may stand there.
    pub fn check(&self, language: &str, key: &str, text: &str) -> Result<(), (&'static str, String)> {
        if !languages::SOURCES.iter().any(|(tag, _)| *tag == language) {
            let known: Vec<&str> = languages::SOURCES.iter().map(|(tag, _)| *tag).collect();
            return Err(("language", format!("one of {}", known.join(", "))));
        }
        if !keys(languages::SOURCES[0].1).any(|known| known == key) {
            return Err(("key", "no sentence of ours is called so".to_owned()));
        }
        let wrong = |what: String| Err(("text", what));
        let length = text.chars().count();
        if !(1..=LONGEST).contains(&length) || text.trim().is_empty() {
            return wrong(format!("1 to {LONGEST} characters"));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return wrong("no control characters".to_owned());
        }
        let holes = holes_of(key);
        let named: Vec<String> = holes.iter().map(|hole| format!("{{ ${hole} }}")).collect();
        let allowed = if named.is_empty() {
            "nothing is put into it: no { }".to_owned()
        } else {
            format!("what can be put in: {}", named.join(", "))
        };
        let Some(used) = holes_in(key, text) else { return wrong(allowed) };
        if !used.is_subset(&holes) {
            return wrong(allowed);
        }
        if holes.contains("code") && !used.contains("code") {
            return wrong("the code has to stand in it: { $code }".to_owned());
        }
        Ok(())
    }

    /// A language with these sentences in place of its own. What cannot be read is left out: it was checked when it was declared.
    pub fn with_own(&self, language: &str, own: &[(&str, &str)]) -> Option<Words> {
        let (tag, source) = languages::SOURCES.iter().find(|(tag, _)| *tag == language)?;
        let mut words = Words::read(tag, source, languages::SOURCES[0].1).ok()?;
        for (key, text) in own {
            if let Some(known) = keys(languages::SOURCES[0].1).find(|known| known == key)
                && let Ok(resource) = FluentResource::try_new(written(key, text))
            {
                words.say_instead(known, resource);
            }
        }
        Some(words)
    }
}

/// As a Fluent file has it: each line indented, and what would begin something else quoted, but for where a choice between forms
/// stands.
fn written(key: &str, text: &str) -> String {
    let mut open = 0_i32;
    let mut written = format!("{key} =\n");
    for line in text.lines() {
        let line = line.trim();
        let quoted = match line.chars().next() {
            Some(special @ ('.' | '*' | '[' | '}')) if open <= 0 => {
                format!("{{\"{special}\"}}{}", line.get(special.len_utf8()..).unwrap_or_default())
            }
            _ => line.to_owned(),
        };
        open += line.chars().map(|c| i32::from(c == '{') - i32::from(c == '}')).sum::<i32>();
        written.push_str(&format!("    {quoted}\n"));
    }
    written
}

/// What is put into a sentence as shipped; English has all of them.
fn holes_of(key: &str) -> BTreeSet<String> {
    let shipped = value_of(languages::SOURCES[0].1, key);
    shipped.and_then(|text| holes_in(key, &text)).unwrap_or_default()
}

/// What is put into this text; nothing if it is no sentence, or does more than put something in.
fn holes_in(key: &str, text: &str) -> Option<BTreeSet<String>> {
    let resource = FluentResource::try_new(written(key, text)).ok()?;
    let mut entries = resource.entries();
    let (Some(Entry::Message(message)), None) = (entries.next(), entries.next()) else { return None };
    if message.id.name != key || !message.attributes.is_empty() {
        return None;
    }
    let mut holes = BTreeSet::new();
    in_pattern(message.value.as_ref()?, &mut holes).then_some(holes)
}

fn in_pattern(pattern: &Pattern<&str>, holes: &mut BTreeSet<String>) -> bool {
    pattern.elements.iter().all(|element| match element {
        PatternElement::TextElement { .. } => true,
        PatternElement::Placeable { expression: Expression::Inline(inline) } => in_place(inline, holes),
        PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
            in_place(selector, holes) && variants.iter().all(|variant| in_pattern(&variant.value, holes))
        }
    })
}

fn in_place(inline: &InlineExpression<&str>, holes: &mut BTreeSet<String>) -> bool {
    match inline {
        InlineExpression::VariableReference { id } => {
            holes.insert(id.name.to_owned());
            true
        }
        InlineExpression::StringLiteral { .. } => true,
        _ => false,
    }
}

/// The text behind a key in a Fluent file: its line, and those indented below it.
fn value_of(source: &str, key: &str) -> Option<String> {
    let mut lines = source.lines();
    let first = lines.by_ref().find_map(|line| {
        let (known, rest) = line.split_once('=')?;
        (known.trim_end() == key && line.starts_with(|c: char| c.is_ascii_lowercase())).then(|| rest.trim().to_owned())
    })?;
    let rest = lines.take_while(|line| line.starts_with(' ') || line.starts_with('}')).map(str::to_owned);
    let all: Vec<String> = std::iter::once(first).chain(rest).collect();
    let least = all
        .iter()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min();
    let cut = |(place, line): (usize, String)| {
        if place == 0 { line } else { line.get(least.unwrap_or(0)..).unwrap_or_default().trim_end().to_owned() }
    };
    let told: Vec<String> = all.into_iter().enumerate().map(cut).collect();
    Some(told.join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_as_shipped_may_be_said() {
        let texts = Texts::load().expect("reads");
        for (tag, _) in languages::SOURCES {
            let shipped = texts.shipped(tag);
            assert!(shipped.len() > 100, "{tag}: {}", shipped.len());
            for sentence in shipped {
                assert_eq!(
                    texts.check(tag, sentence.key, &sentence.text),
                    Ok(()),
                    "{tag} {}: {}",
                    sentence.key,
                    sentence.text
                );
            }
        }
    }

    #[test]
    fn own_words_are_said_and_others_stay() {
        let texts = Texts::load().expect("reads");
        let own = [("sms-passcode", "Your key to { $app }:\n.{ $code }"), ("continue", "On we go"), ("{", "x")];
        let words = texts.with_own("en", &own).expect("a language");
        let passcode =
            crate::text::Passcode { app: "Shop", digits: "123456", tag: "AB", minutes: 5, host: "id.example" };
        assert_eq!(words.sms(&passcode), "Your key to Shop:\n.123456\n@id.example #123456");
        assert_eq!(words.get("continue"), "On we go");
        assert_eq!(words.get("cancel"), texts.pick(&["en"]).get("cancel"));
        assert!(texts.with_own("xx", &own).is_none());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_field() {
        let texts = Texts::load().expect("reads");
        let field =
            |language: &str, key: &str, text: &str| texts.check(language, key, text).map_err(|(field, _)| field);
        assert_eq!(field("xx", "continue", "On"), Err("language"));
        assert_eq!(field("en", "nothing", "On"), Err("key"));
        for wrong in
            ["", "  ", "{ $code }", "{ continue }", "{", "x }", "{ NUMBER($code) }", "a\u{7}b", &"x".repeat(601)]
        {
            assert_eq!(field("en", "continue", wrong), Err("text"), "{wrong}");
        }
        assert_eq!(field("en", "sms-passcode", "No code in it"), Err("text"));
        assert_eq!(field("en", "sms-passcode", "{ $code } { $secret }"), Err("text"));
        assert_eq!(field("en", "continue", "On\nkey = value"), Ok(()), "it stays one sentence");
        assert_eq!(field("en", "continue", "<b>On</b>"), Ok(()), "pages escape it");
    }
}
