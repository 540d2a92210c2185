//! Countries as people know them: named in their language, with dialling codes from libphonenumber's metadata.

use std::cmp::Ordering;
use std::sync::OnceLock;

use icu_locale::names::RegionDisplayName;
use icu_locale::{LanguageIdentifier, Locale, LocaleExpander};
use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};
use serde::Serialize;

use super::Words;

/// A country someone may have a phone number from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Country {
    /// ISO 3166-1 alpha-2, such as `NG`.
    pub iso: String,
    /// In the language of the page.
    pub name: String,
    pub english: String,
    /// The dialling code without its plus.
    pub dial: u16,
    /// Other names people search for, its own among them.
    pub alias: String,
    /// Whether a dialling code shared by several means this one unless more is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub main: bool,
}

/// A country as the searchable list wants it.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    country: &'a Country,
    /// Where a dialling code is shared: what follows it in this country, separated by spaces.
    #[serde(skip_serializing_if = "String::is_empty")]
    lead: String,
}

impl Words {
    /// Every country, sorted by its name in this language. Made once.
    pub fn countries(&self) -> &[Country] {
        self.countries.get_or_init(|| named_in(self.tag()))
    }

    /// The same as JSON, for the searchable list of `static/page.js`. Made once.
    pub fn countries_json(&self) -> &str {
        self.countries_json.get_or_init(|| {
            let listed: Vec<Listed<'_>> = self.countries().iter().map(Listed::from).collect();
            serde_json::to_string(&listed).unwrap_or_default()
        })
    }

    /// One country by its ISO code, in whichever case.
    pub fn country(&self, iso: &str) -> Option<&Country> {
        self.countries().iter().find(|country| country.iso.eq_ignore_ascii_case(iso))
    }
}

fn named_in(tag: &str) -> Vec<Country> {
    let mut all: Vec<Country> = nameless()
        .iter()
        .map(|country| Country {
            name: name(tag, &country.iso).unwrap_or_else(|| country.english.clone()),
            ..country.clone()
        })
        .collect();
    all.sort_by(|a, b| by_name(&a.name, &b.name));
    all
}

/// What is the same in each language; made once.
fn nameless() -> &'static [Country] {
    static ALL: OnceLock<Vec<Country>> = OnceLock::new();
    ALL.get_or_init(|| PHONE_NUMBER_UTIL.get_supported_regions().filter_map(country).collect())
}

fn country(region: Region) -> Option<Country> {
    let iso = region.to_string();
    let dial = u16::try_from(PHONE_NUMBER_UTIL.get_country_code_for_region(region)?).ok()?;
    Some(Country {
        name: String::new(),
        english: name("en", &iso)?,
        alias: alias(&iso),
        main: PHONE_NUMBER_UTIL.get_region_for_country_code(i32::from(dial)) == Some(region),
        iso,
        dial,
    })
}

fn name(tag: &str, iso: &str) -> Option<String> {
    let locale: Locale = tag.parse().ok()?;
    let name = RegionDisplayName::try_new_light((&locale).into(), iso.parse().ok()?).ok()?;
    Some(name.to_string())
}

/// A country's name in its own main language, then what else it goes by.
fn alias(iso: &str) -> String {
    let mut words: Vec<String> = own_name(iso).into_iter().collect();
    words.extend(ALIASES.iter().filter(|(of, _)| *of == iso).map(|(_, names)| (*names).to_owned()));
    words.join(" ")
}

fn own_name(iso: &str) -> Option<String> {
    let mut id: LanguageIdentifier = format!("und-{iso}").parse().ok()?;
    LocaleExpander::new_extended().maximize(&mut id);
    name(id.language.as_str(), iso)
}

impl<'a> From<&'a Country> for Listed<'a> {
    fn from(country: &'a Country) -> Self {
        let own = leads().iter().filter(|(of, _)| *of == country.iso);
        let lead = own.map(|(_, lead)| lead.to_string()).collect::<Vec<_>>().join(" ");
        Listed { country, lead }
    }
}

/// Which prefixes belong to which of the countries that share +1, +7 and +44, asked of the metadata number by number.
/// The main country of each is what remains, and is not listed.
fn leads() -> &'static [(String, u16)] {
    static ALL: OnceLock<Vec<(String, u16)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let america = (200..1000).map(|area| (1, area, "2345678"));
        let asia = (300..1000).map(|area| (7, area, "2345678"));
        let islands = (7000..8000).map(|area| (44, area, "123456"));
        america
            .chain(asia)
            .chain(islands)
            .filter_map(|(dial, lead, rest)| Some((owner(dial, lead, rest)?, lead)))
            .collect()
    })
}

fn owner(dial: i32, lead: u16, rest: &str) -> Option<String> {
    let number = PHONE_NUMBER_UTIL.parse(format!("+{dial}{lead}{rest}"), None).ok()?;
    let region = PHONE_NUMBER_UTIL.get_region_for_number(&number)?;
    (PHONE_NUMBER_UTIL.get_region_for_country_code(dial) != Some(region)).then(|| region.to_string())
}

/// Compares names as a reader would: accents and case do not part what belongs together.
fn by_name(a: &str, b: &str) -> Ordering {
    a.chars()
        .map(folded)
        .filter(|c| *c != '\0')
        .cmp(b.chars().map(folded).filter(|c| *c != '\0'))
        .then_with(|| a.cmp(b))
}

fn folded(letter: char) -> char {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    match small {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'أ' | 'إ' | 'آ' => 'ا',
        '’' | '\'' | '.' | '\u{300}'..='\u{36f}' => '\0',
        '-' => ' ',
        other => other,
    }
}

/// What people call countries beside their names in the list.
const ALIASES: &[(&str, &str)] = &[
    ("AE", "UAE Emirates Dubai"),
    ("BA", "Bosna"),
    ("BE", "Belgique Belgien"),
    ("CD", "DRC Zaire Kinshasa"),
    ("CG", "Brazzaville"),
    ("CH", "Suisse Svizzera Swiss"),
    ("CI", "Ivory Coast"),
    ("CV", "Cape Verde"),
    ("CZ", "Czech Republic"),
    ("DO", "Dominicana"),
    ("FI", "Suomi"),
    ("GB", "UK Britain England Scotland Wales Northern Ireland"),
    ("IE", "Eire"),
    ("IN", "Bharat Hindustan"),
    ("IR", "Persia"),
    ("KP", "DPRK"),
    ("KR", "ROK Korea"),
    ("LA", "Lao"),
    ("MK", "Macedonia"),
    ("MM", "Burma"),
    ("NL", "Holland"),
    ("PS", "Palestine"),
    ("SA", "KSA"),
    ("SZ", "Swaziland"),
    ("TL", "East Timor"),
    ("TR", "Turkey"),
    ("TZ", "Zanzibar"),
    ("US", "USA America"),
    ("VA", "Vatican"),
    ("ZA", "RSA Mzansi"),
];
