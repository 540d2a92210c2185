use askama::Template;

use super::samples::{self, Setting};
use super::*;
use crate::domain::delivery::{Channel, Progress};
use crate::text::Texts;

fn texts() -> Texts {
    Texts::load().unwrap()
}

/// Attributes that run a script, and styles in attributes: both are what our Content-Security-Policy refuses.
fn forbidden_attribute(html: &str) -> Option<&str> {
    html.split('<').filter_map(|tag| tag.split('>').next()).find(|tag| {
        tag.split_ascii_whitespace().skip(1).any(|attribute| {
            let name = attribute.split('=').next().unwrap_or("");
            name == "style" || (name.starts_with("on") && attribute.contains('='))
        })
    })
}

#[test]
fn every_page_renders_in_every_language() {
    for words in texts().languages() {
        for (name, html) in samples::all(&Setting::odd(words)) {
            let what = format!("{name} in {}", words.tag());
            let limit = if name == "identifier-phone" { 24_000 } else { 20_000 };
            assert!(html.len() < limit, "{what}: {} bytes", html.len());
            assert_eq!(forbidden_attribute(&html), None, "{what}");
            assert!(!html.contains("http://") && !html.contains("https://"), "{what}: another host");
            assert!(
                html.contains(&format!("<html lang=\"{}\" dir=\"{}\">", words.tag(), words.dir())),
                "{what}: language"
            );
            assert_eq!(html.matches("<h1").count(), 1, "{what}: headings");
            assert!(!html.contains("<Sons>") && !html.contains("<script>"), "{what}: unescaped");
            assert!(!html.contains("{ $") && !html.contains("{{"), "{what}: unfilled");
            for script in html.split("<script").skip(1).chain(html.split("<style").skip(1)) {
                assert!(script.split('>').next().unwrap().contains("nonce=\"bm9u"), "{what}: nonce");
            }
            for button in html.split("<button").skip(1) {
                assert!(button.starts_with(" type=\""), "{what}: a button without a type");
            }
        }
    }
}

#[test]
fn every_mistake_is_marked_in_title_summary_and_field() {
    let texts = texts();
    let english = texts.pick(&["en"]);
    let wrong: Vec<_> = samples::all(&Setting::odd(english))
        .into_iter()
        .filter(|(name, _)| name.starts_with("error-") && !name.ends_with("-title"))
        .collect();
    assert!(wrong.len() >= 18);
    for (name, html) in wrong {
        assert!(html.contains("<title>Error: "), "{name}");
        assert!(html.contains("role=\"alert\"") && html.contains("aria-invalid=\"true\""), "{name}");
        assert!(html.contains("aria-describedby=\"wrong ") && html.contains("id=\"wrong\""), "{name}");
        assert!(html.contains("data-error"), "{name}");
    }
}

#[test]
fn how_it_fares_is_told_in_whole_sentences() {
    let ends: &[char] = &['.', '…', '।'];
    for words in texts().languages() {
        for progress in samples::fared() {
            let said = PasscodePage::telling(words, progress, Channel::Whatsapp);
            let what = format!("{progress:?} in {}: {said}", words.tag());
            assert!(said.ends_with(ends) && !said.contains(['{', '}', '$', '\n']), "{what}");
            assert!(said.chars().count() < 140, "{what}");
        }
        // The page says where it went, not where it was meant to go.
        let fell = Some(Progress::Fell { from: Channel::Whatsapp, to: Channel::Sms });
        let sms = PasscodePage::lead(words, None, Channel::Sms);
        assert_eq!(PasscodePage::lead(words, fell, Channel::Whatsapp), sms);
        let trouble = PasscodePage::lead(words, Some(Progress::Undelivered(Channel::Sms)), Channel::Sms);
        assert_ne!(trouble, sms, "{}: nothing was sent", words.tag());
    }
    let texts = texts();
    let say = |progress| PasscodePage::telling(texts.pick(&["en"]), progress, Channel::Email);
    assert_eq!(
        say(Progress::Fell { from: Channel::Whatsapp, to: Channel::Sms }),
        "WhatsApp hasn’t delivered it. The same code is on its way by text message."
    );
    assert_eq!(
        say(Progress::Fell { from: Channel::Sms, to: Channel::Voice }),
        "The text message hasn’t arrived. We’re calling you with the same code."
    );
    assert_eq!(say(Progress::BadNumber), "That address doesn’t seem to exist. Check it.");
}

#[test]
fn the_line_is_live_until_it_is_settled() {
    let texts = texts();
    let pages: std::collections::BTreeMap<String, String> =
        samples::all(&Setting::odd(texts.pick(&["en"]))).into_iter().collect();
    let line = |name: &str| {
        let html = &pages[name];
        html.split("<p id=\"progress\"").nth(1).map(|rest| rest.split("</p>").next().unwrap().to_owned())
    };
    let sent = line("passcode-whatsapp").unwrap();
    assert_eq!(sent, " class=\"under-way\" role=\"status\" data-live=\"/passcode/live?i=int_01\">Sent on WhatsApp.");
    assert_eq!(line("progress-Delivered(Sms)").unwrap(), " class=\"good\" role=\"status\">Delivered by text message.");
    assert!(line("progress-Forbidden(Sms)").unwrap().starts_with(" class=\"trouble\" role=\"status\">"));
    assert_eq!(line("passcode-sms"), None, "where nothing may be told there is no line");
}

#[test]
fn names_that_other_peoples_tests_rely_on() {
    let texts = texts();
    let english = texts.pick(&["en"]);
    let pages: std::collections::BTreeMap<String, String> = samples::all(&Setting::odd(english)).into_iter().collect();
    for (page, parts) in [
        (
            "identifier-phone",
            &[
                "Sign in",
                "id=\"identifier\" name=\"p_phone\"",
                "name=\"p_country\"",
                "type=\"submit\" class=\"main\" id=\"continue\"",
            ][..],
        ),
        ("identifier-email", &["id=\"identifier\" name=\"p_email\""]),
        ("identifier-create", &["Create your account"]),
        ("identifier-confirm-phone", &["name=\"p_phone\" value=\"+2348012345678\"", "id=\"continue\""]),
        (
            "passcode-whatsapp",
            &[
                "id=\"passcode\" name=\"p_confirmation_code\" type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\"",
                "id=\"verify\"",
                "id=\"resend\"",
                "6-digit code",
                "in 28 seconds",
            ],
        ),
        ("identifier-phone", &["id=\"deny\">Cancel and go back to Shop &#38; &#60;Sons&#62;<"]),
        ("passcode-sms", &["id=\"deny\">Cancel"]),
        ("identifier-bare", &["id=\"deny\">Cancel<"]),
        (
            "consent",
            &[
                "id=\"allow\" name=\"p_decision\" value=\"allow\"",
                "id=\"deny\" name=\"p_decision\" value=\"deny\"",
                "Keep this access while you are away",
                "Read your &#60;b&#62;orders",
                "Use “x:&#60;y&#62;”",
                "Order API &#38; &#60;Sons&#62;",
                "urn:&#60;other&#62;",
            ],
        ),
        ("error-request-problem-title", &["redirect_uri"]),
        ("signed-out", &["signed out"]),
        ("logout", &["id=\"confirm-logout\"", "id=\"everywhere\""]),
        ("logout-everywhere", &["id=\"confirm-logout\""]),
        ("signed-out-frames", &["<iframe hidden", "data-onward"]),
    ] {
        for part in parts {
            assert!(pages[page].contains(part), "{page} lacks {part}:\n{}", pages[page]);
        }
    }
    assert!(!pages["passcode-whatsapp"].contains("maxlength"));
}

#[test]
fn exactly_one_country_is_chosen() {
    let texts = texts();
    let words = texts.pick(&["de"]);
    let every: Vec<_> = words.countries().iter().collect();
    let pinned = [words.country("NG").unwrap(), words.country("KE").unwrap()];
    for (country, pinned) in [("NG", &pinned[..]), ("FR", &pinned[..]), ("NG", &[])] {
        let page = IdentifierPage { country, ..samples::phone_page(&Setting::odd(words), &every, pinned) };
        let html = page.render().unwrap();
        let options = html.split("<select").nth(1).unwrap().split("</select>").next().unwrap();
        assert_eq!(options.matches(" selected").count(), 1, "{country}");
        assert!(options.contains(&format!("value=\"{country}\" selected")));
    }
}

#[test]
fn the_mail_renders_in_every_language() {
    for words in texts().languages() {
        let text = words.mail(&samples::PASSCODE);
        let plain = samples::PlainMail { text: &text, digits: "123456", app: "Shop & <Sons>" }.render().unwrap();
        assert!(plain.contains("\n\n123456\n\n") && plain.contains("Shop & <Sons>"), "{plain}");
        let accent = Accent::default();
        let html = samples::HtmlMail { words, text: &text, digits: "123456", app: "Shop & <Sons>", accent: &accent }
            .render()
            .unwrap();
        assert!(html.contains(">123456<") && !html.contains("<Sons>") && !html.contains("//"), "{html}");
        assert!(html.contains(&format!("<html lang=\"{}\" dir=\"{}\">", words.tag(), words.dir())));
    }
}

#[test]
fn the_phone_draws_every_sort_of_message() {
    let texts = texts();
    let html = samples::phone(&texts.languages().collect::<Vec<_>>());
    assert_eq!(forbidden_attribute(&html), None);
    assert_eq!(html.matches("<article").count(), 36);
    assert!(html.contains("@login.example.com #123456") && html.contains("dir=\"rtl\"") && !html.contains("<Sons>"));
    assert!(html.contains("<b>123456</b> is your"), "WhatsApp draws asterisks as bold");
    let empty =
        PhonePage { nonce: "n", script: "/s", live: "/l", messages: &[], demo: Some("/demo") }.render().unwrap();
    assert!(empty.contains("No messages yet"));
}

#[test]
fn what_pages_carry_stays_small() {
    assert!(PAGE_CSS.len() < 6_100, "{}", PAGE_CSS.len());
    for (name, script) in [
        ("page.js", include_str!("../../../static/page.js")),
        ("countries.js", include_str!("../../../static/countries.js")),
    ] {
        assert!(script.len() < 5_000, "{name}: {} bytes", script.len());
    }
}

#[test]
fn stylesheets_are_packed_without_harm() {
    assert_eq!(
        packed("/* a */\n.b > .c { d: calc(1px + 2px); e: f }\n\n@media (g: h) {\n  i { j: k }\n}\n"),
        ".b > .c{d:calc(1px + 2px);e:f}\n@media (g:h){i{j:k}}"
    );
}

/// On the button of a WhatsApp template, which WhatsApp draws.
const ON_NO_PAGE: [&str; 1] = ["copy-code"];

#[test]
fn every_sentence_of_a_page_stands_on_a_sample() {
    let texts = texts();
    let keys: Vec<&str> = texts.shipped("en").iter().map(|shipped| shipped.key).collect();
    let said: Vec<(&str, String)> = keys.iter().map(|key| (*key, format!("[{key}]"))).collect();
    let said: Vec<(&str, &str)> = said.iter().map(|(key, text)| (*key, text.as_str())).collect();
    let words = Arc::new(texts.with_own("en", &said).unwrap());
    let all: String = samples::all(&Setting::odd(&words)).into_iter().map(|(_, html)| html).collect();
    let message = |key: &&str| ["mail-", "sms-", "whatsapp-", "voice-"].iter().any(|head| key.starts_with(head));
    let missing: Vec<&str> =
        keys.into_iter().filter(|key| !message(key) && !all.contains(&format!("[{key}]"))).collect();
    assert_eq!(missing, ON_NO_PAGE);
}
