//! Somebody is found by what an operator has in hand: an id, a number or address however it is written, how one begins, a name.

use crate::app::App;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::SubjectId;
use crate::domain::standard::words;
use crate::domain::subject::Subject;
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;
use crate::store::people::Beginning;

/// A number without a country is tried as one of each default country, but no more than these.
const MOST_COUNTRIES: usize = 8;

/// Whom to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// Empty means everybody.
    pub text: &'a str,
    /// Only those who are, or are not.
    pub blocked: Option<bool>,
}

/// A page of people, newest first: those made before this moment and id. A text finds no more than the first hundred of each way.
pub async fn list(
    app: &App,
    search: Search<'_>,
    before: Option<(Time, &str)>,
    most: i64,
) -> Result<Vec<Subject>, Fault> {
    let before = before.unwrap_or((Time(i64::MAX), ""));
    let text = search.text.trim();
    if text.is_empty() {
        return Ok(match search.blocked {
            Some(true) => store::people::list_blocked(app.db.aside(), before, most).await?,
            blocked => store::people::list(app.db.aside(), before, most, blocked.is_none()).await?,
        });
    }
    let mut found = exactly(app, text).await?;
    if found.is_empty() {
        found = beginning(app, text, search.blocked).await?;
    }
    let wanted = |one: &Subject| {
        search.blocked.is_none_or(|blocked| one.blocked == blocked) && (one.created_at, one.id.as_str()) < before
    };
    found.retain(wanted);
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

async fn exactly(app: &App, text: &str) -> Result<Vec<Subject>, Fault> {
    let mut found: Vec<Subject> = Vec::new();
    if text.starts_with("kp_") {
        found.extend(store::subjects::find(&app.db, &SubjectId::new(text)).await?);
    }
    for identifier in read(app, text) {
        let Some((id, _)) = store::subjects::find_by_identifier(&app.db, &identifier).await? else { continue };
        if !found.iter().any(|known| known.id == id) {
            found.extend(store::subjects::find(&app.db, &id).await?);
        }
    }
    found.sort_by(|one, other| (other.created_at, other.id.as_str()).cmp(&(one.created_at, one.id.as_str())));
    Ok(found)
}

/// What a text may mean as a number or address, as it is pasted from a mail, a page or a spreadsheet.
fn read(app: &App, text: &str) -> Vec<Identifier> {
    let text = bare(text);
    if let Some(identifier) = Identifier::read(text) {
        return vec![identifier];
    }
    let live = app.live();
    let mut countries: Vec<&str> =
        live.catalog.connections.iter().filter_map(|connection| connection.default_country.as_deref()).collect();
    countries.sort_unstable();
    countries.dedup();
    let mut read: Vec<Identifier> = countries
        .into_iter()
        .take(MOST_COUNTRIES)
        .filter_map(|country| Identifier::phone(text, Some(country)).ok())
        .collect();
    read.dedup();
    read
}

/// `Ada <ada@shop.example>`, `mailto:ada@shop.example?subject=…`, `tel:+1-202-555-0143`.
fn bare(text: &str) -> &str {
    let text = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches('>'));
    let text = text.trim_matches(|c: char| c.is_whitespace() || "\"'`,;".contains(c));
    match text.split_once(':') {
        Some(("mailto" | "MAILTO" | "tel" | "TEL" | "sms", rest)) => rest.split(['?', ';']).next().unwrap_or(rest),
        _ => text,
    }
}

async fn beginning(app: &App, text: &str, blocked: Option<bool>) -> Result<Vec<Subject>, Fault> {
    let sought = begins(text);
    Ok(match blocked {
        Some(true) => store::people::search_blocked(app.db.aside(), &sought).await?,
        blocked => store::people::search(app.db.aside(), &sought, blocked.is_none()).await?,
    })
}

/// The longest words first: they tell most.
fn begins(text: &str) -> Beginning {
    let text = text.replace('\0', "");
    let mut sought = words(&text);
    sought.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let bare = bare(&text);
    let is_number = bare.chars().all(|c| c.is_ascii_digit() || " +-.()/".contains(c));
    let (kind, identifier) = match is_number {
        true => (Kind::Phone, number(bare)),
        false if bare.contains(char::is_whitespace) => (Kind::Email, String::new()),
        false => (Kind::Email, bare.to_lowercase()),
    };
    Beginning { kind, identifier, words: sought }
}

/// How a stored number begins.
fn number(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches("00");
    if digits.is_empty() { String::new() } else { format!("+{digits}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_is_laid_bare() {
        for (pasted, text) in [
            ("Ada Obi <ada@shop.example>", "ada@shop.example"),
            ("mailto:ada@shop.example?subject=Hi", "ada@shop.example"),
            ("tel:+1-202-555-0143", "+1-202-555-0143"),
            (" \"ada@shop.example\"; ", "ada@shop.example"),
            ("ada", "ada"),
        ] {
            assert_eq!(bare(pasted), text, "{pasted}");
        }
    }

    #[test]
    fn a_beginning_is_of_a_number_an_address_or_a_name() {
        let told = |text: &str| {
            let sought = begins(text);
            (sought.kind, sought.identifier, sought.words.join(" "))
        };
        assert_eq!(told("+234 803"), (Kind::Phone, "+234803".into(), "234 803".into()));
        assert_eq!(told("00234"), (Kind::Phone, "+234".into(), "00234".into()));
        assert_eq!(told("Ada@Sh"), (Kind::Email, "ada@sh".into(), "ada sh".into()));
        assert_eq!(told("Obi Adaeze"), (Kind::Email, String::new(), "adaeze obi".into()));
        assert_eq!(told("--"), (Kind::Phone, String::new(), String::new()));
    }
}
