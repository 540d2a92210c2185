use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::languages::SOURCES;
use super::words::keys;
use super::*;

fn texts() -> Texts {
    Texts::load().unwrap()
}

/// Each key with the names of what is put into it.
fn holes(source: &'static str) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut found: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut key = "";
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some(next) = keys(line).next() {
            key = next;
            found.entry(key).or_default();
        }
        for hole in line.split('$').skip(1) {
            let name: String = hole.chars().take_while(char::is_ascii_alphanumeric).collect();
            found.entry(key).or_default().insert(name);
        }
    }
    found
}

#[test]
fn every_language_says_everything_with_the_same_holes() {
    let english = holes(SOURCES[0].1);
    for (tag, source) in SOURCES {
        let own = holes(source);
        for (key, names) in &english {
            assert_eq!(own.get(key), Some(names), "{tag}: {key}");
        }
        for key in own.keys() {
            assert!(english.contains_key(key), "{tag} says {key}, which English does not");
        }
        let all: Vec<&str> = keys(source).collect();
        assert_eq!(all.len(), own.len(), "{tag} says something twice");
    }
}

#[test]
fn every_translation_is_one() {
    /// Words that are the same in several languages.
    const SAME: [&str; 1] = ["error-prefix"];
    let texts = texts();
    let english = texts.pick(&["en"]);
    for words in texts.languages().skip(1) {
        let copied: Vec<&str> = keys(SOURCES[0].1)
            .filter(|key| !SAME.contains(key) && english.get(key) != *key && words.get(key) == english.get(key))
            .collect();
        assert_eq!(copied, Vec::<&str>::new(), "{}: still English", words.tag());
    }
}

#[test]
fn plurals_cover_what_the_language_tells_apart() {
    let texts = texts();
    for words in texts.languages() {
        for key in
            ["resend-wait", "resend-too-soon", "code-wrong-last", "mail-passcode-life", "code-format", "code-label"]
        {
            for count in 0..200_u32 {
                let args = ["seconds", "left", "minutes", "digits"].map(|name| (name, Arg::Count(count)));
                let said = words.with(key, &args);
                assert!(!said.contains(['{', '}', '$']) && said != key, "{} {key} {count}: {said}", words.tag());
            }
        }
    }
    assert_eq!(texts.pick(&["en"]).with("resend-wait", &[("seconds", 1_u32.into())]), "You can ask again in 1 second.");
    assert_eq!(
        texts.pick(&["en"]).with("resend-wait", &[("seconds", 28_u32.into())]),
        "You can ask again in 28 seconds."
    );
    assert!(texts.pick(&["ar"]).with("code-wrong-last", &[("left", 2_u32.into())]).contains("محاولتان"));
}

#[test]
fn the_direction_is_the_languages() {
    for words in texts().languages() {
        assert_eq!(words.dir(), if words.tag() == "ar" { "rtl" } else { "ltr" }, "{}", words.tag());
    }
}

#[test]
fn people_get_the_language_they_wish_for() {
    let texts = texts();
    for (wanted, got) in [
        (&["de"][..], "de"),
        (&["de-AT"], "de"),
        (&["pt"], "pt-BR"),
        (&["pt-BR"], "pt-BR"),
        (&["pt-PT"], "pt-BR"),
        (&["es-419"], "es"),
        (&["ar-EG"], "ar"),
        (&["en-GB", "fr"], "en"),
        (&["zh-Hans-CN", "sw-KE", "en"], "sw"),
        (&["zh", "ja"], "en"),
        (&["hi-IN"], "hi"),
        (&["HI_in"], "hi"),
        (&["*", "", "not a tag at all", "fr-CA"], "fr"),
        (&[], "en"),
    ] {
        assert_eq!(texts.pick(wanted).tag(), got, "{wanted:?}");
    }
}

#[test]
fn accept_language_is_read_by_weight() {
    assert_eq!(accept_language("fr;q=0.4, de-AT ,en;q=0.8, *;q=0.1"), ["de-AT", "en", "fr"]);
    assert_eq!(accept_language("da, en-GB;q=0.8, en;q=0.8"), ["da", "en-GB", "en"]);
    assert_eq!(accept_language("fr;q=0,de; q=0.5"), ["de"]);
    assert_eq!(accept_language(";;q=,,"), Vec::<String>::new());
    assert_eq!(accept_language(&"x,".repeat(1000)).len(), 20);
}

#[test]
fn unknown_keys_come_back_as_they_are() {
    let texts = texts();
    assert_eq!(texts.pick(&["hi"]).get("no-such-key"), "no-such-key");
    assert_eq!(texts.pick(&["hi"]).with("no-such-key", &[]), "no-such-key");
}

#[test]
fn a_gap_in_a_language_is_filled_from_english() {
    let words = Words::read("fr", "continue = Continuer\n", SOURCES[0].1).unwrap();
    assert_eq!(words.get("continue"), "Continuer");
    assert_eq!(words.get("sign-in-title"), "Sign in");
    assert_eq!(words.with("code-label", &[("digits", 6_u8.into())]), "6-digit code");
}

#[test]
fn a_sentence_opens_around_its_hole() {
    let texts = texts();
    let (before, after) = texts.pick(&["hi"]).around("sent-sms", "to");
    assert_eq!((before.as_str(), after.as_str()), ("हमने ", " पर SMS से एक कोड भेजा है।"));
}

/// Where words are used: every template, and all sources but this room's.
fn everything_written() -> Vec<(String, String)> {
    fn gather(folder: &Path, into: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.display().to_string();
            if path.is_dir() {
                if !name.ends_with("/templates/text") && !name.ends_with("/src/text") {
                    gather(&path, into);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                into.push((name, text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    gather(&root.join("src"), &mut all);
    gather(&root.join("templates"), &mut all);
    all.push(("messages.rs".into(), include_str!("messages.rs").into()));
    all
}

#[test]
fn every_key_is_used_and_every_used_key_exists() {
    let written = everything_written();
    let known: BTreeSet<&str> = keys(SOURCES[0].1).collect();
    for key in &known {
        let quoted = format!("\"{key}\"");
        assert!(written.iter().any(|(_, text)| text.contains(&quoted)), "nothing uses {key}");
    }
    for (name, text) in written.iter().filter(|(name, _)| name.contains("/templates/")) {
        for call in ["frame.say(\"", "frame.with(\"", "words.get(\"", "words.with(\"", "words.around(\""] {
            for used in text.split(call).skip(1) {
                let key = used.split('"').next().unwrap();
                assert!(known.contains(key), "{name} uses {key}, which nobody says");
            }
        }
    }
}

const ACME: Passcode<'static> =
    Passcode { app: "Twenty Letters Ltd..", digits: "123456", tag: "KT", minutes: 5, host: "login.example.com" };

#[test]
fn a_text_message_fits_and_ends_with_the_line_browsers_read() {
    for words in texts().languages() {
        let sms = words.sms(&ACME);
        assert!(sms.chars().count() <= 140, "{}: {} characters: {sms}", words.tag(), sms.chars().count());
        assert_eq!(sms.lines().last(), Some("@login.example.com #123456"), "{}", words.tag());
        let first = sms.lines().next().unwrap();
        assert!(
            first.starts_with("123456 ") && first.contains("KT") && first.contains(ACME.app),
            "{}: {first}",
            words.tag()
        );
        assert_eq!(sms.lines().count(), 3, "{}", words.tag());
    }
}

#[test]
fn a_text_message_in_latin_letters_costs_only_one() {
    /// The basic alphabet of GSM 03.38, beyond ASCII.
    const GSM: &str = "@£$¥èéùìòÇØøÅåÆæßÉÄÖÑÜ§äöñüà¡¿";
    for words in texts().languages().filter(|words| !["hi", "ar"].contains(&words.tag())) {
        let odd: String =
            words.sms(&ACME).chars().filter(|c| (!c.is_ascii() || *c == '`') && !GSM.contains(*c)).collect();
        assert_eq!(odd, "", "{}", words.tag());
    }
}

#[test]
fn the_button_of_a_whatsapp_template_is_short_enough() {
    for words in texts().languages() {
        let said = words.get("copy-code");
        assert!(said != "copy-code" && said.chars().count() <= 25, "{}: {said}", words.tag());
    }
}

/// Each channel has words of its own: a selector with a name misspelt would say that of another.
#[test]
fn channels_are_told_apart() {
    for words in texts().languages() {
        for key in ["progress-sending", "progress-sent", "progress-delivered", "progress-fell", "progress-opted-out"] {
            let channels = ["whatsapp", "telegram", "voice", "email", "sms"];
            let said: BTreeSet<String> = channels
                .iter()
                .map(|by| words.with(key, &["by", "from", "to"].map(|name| (name, (*by).into()))))
                .collect();
            assert_eq!(said.len(), channels.len(), "{} {key}: {said:#?}", words.tag());
        }
    }
}

#[test]
fn an_application_name_cannot_write_lines_of_its_own() {
    let texts = texts();
    let sms = texts.pick(&["en"]).sms(&Passcode { app: "Bank\n@evil.example #999999 and more", ..ACME });
    assert_eq!(
        sms,
        "123456 is your Bank @evil.exampl... code. Ref KT\nDon't share it with anyone.\n@login.example.com #123456"
    );
}

#[test]
fn every_message_carries_the_digits() {
    for words in texts().languages() {
        let mail = words.mail(&ACME);
        assert!(words.whatsapp(&ACME).contains("*123456*"), "{}", words.tag());
        assert_eq!(words.voice(&ACME).matches("1, 2, 3, 4, 5, 6").count(), 2, "{}", words.tag());
        assert!(mail.subject.contains("123456") && mail.tag.contains("KT"), "{}", words.tag());
        assert!(mail.intro.contains(ACME.app) && mail.life.contains('5'), "{}: {mail:?}", words.tag());
        for text in
            [words.whatsapp(&ACME), words.voice(&ACME), mail.subject, mail.intro, mail.tag, mail.life, mail.ignore]
        {
            assert!(!text.contains(['$', '{', '}']), "{}: {text}", words.tag());
        }
    }
}

#[test]
fn countries_are_named_dialled_and_sorted() {
    let texts = texts();
    for words in texts.languages() {
        let all = words.countries();
        assert!((240..260).contains(&all.len()), "{}: {} countries", words.tag(), all.len());
        assert!(
            all.iter().all(|country| country.iso.len() == 2 && country.name != country.iso && country.dial > 0),
            "{}",
            words.tag()
        );
    }
    let german = texts.pick(&["de"]);
    let nigeria = german.country("ng").unwrap();
    assert_eq!((nigeria.name.as_str(), nigeria.english.as_str(), nigeria.dial), ("Nigeria", "Nigeria", 234));
    assert_eq!(german.country("DE").unwrap().name, "Deutschland");
    assert_eq!(german.country("ZZ"), None);
    assert!(texts.pick(&["en"]).country("DE").unwrap().alias.contains("Deutschland"));
    assert!(texts.pick(&["en"]).country("GB").unwrap().alias.contains("UK"));
    let at = |iso: &str| german.countries().iter().position(|country| country.iso == iso).unwrap();
    assert!(
        at("AT") < at("PL") && at("EG") < at("AX") && at("AX") < at("AL"),
        "Österreich sorts under O, Ägypten and Åland under A"
    );
    assert_eq!(texts.pick(&["ar"]).country("NG").unwrap().name, "نيجيريا");
}

#[test]
fn shared_dialling_codes_tell_their_countries_apart() {
    let texts = texts();
    let listed: Vec<serde_json::Value> = serde_json::from_str(texts.pick(&["en"]).countries_json()).unwrap();
    let get = |iso: &str| listed.iter().find(|country| country["iso"] == iso).unwrap();
    let has = |iso: &str, lead: &str| get(iso)["lead"].as_str().unwrap().split(' ').any(|own| own == lead);
    assert!(has("CA", "416") && has("JM", "876") && has("KZ", "701") && has("JE", "7797"));
    for (iso, dial) in [("US", 1), ("RU", 7), ("GB", 44), ("NG", 234)] {
        let country = get(iso);
        assert_eq!(country["dial"], dial);
        assert!(country["main"] == true && country.get("lead").is_none(), "{country}");
    }
    assert!(get("CA").get("main").is_none());
}

#[test]
fn the_country_list_is_small_enough_to_send() {
    let texts = texts();
    let json = texts.pick(&["hi"]).countries_json();
    assert!(json.len() < 40_000, "{}", json.len());
    let back: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(back[0]["iso"].as_str().map(str::len), Some(2));
}
