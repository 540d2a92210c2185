//! Phone numbers by libphonenumber's metadata: reading any format, the stored form (E.164), what may receive a passcode.

mod forms;

pub use forms::form;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneFault {
    Empty,
    /// No number of that shape exists, or its country could not be told.
    Impossible,
    /// A real number that is never sent a passcode: premium, toll-free, shared cost, pager, company-wide.
    NotPersonal,
}

/// What answers at a number, as far as metadata can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Takes text messages; also where the metadata cannot tell.
    Mobile,
    /// Takes calls alone.
    Landline,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    pub e164: String,
    /// ISO 3166 alpha-2, as the number itself tells it.
    pub country: String,
    pub line: Line,
}

/// Longer than any way of writing a number; what is longer is not one.
const LONGEST: usize = 40;

pub fn parse(typed: &str, country: Option<&str>) -> Result<Number, PhoneFault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(PhoneFault::Empty);
    }
    if typed.len() > LONGEST || typed.chars().any(char::is_alphabetic) {
        return Err(PhoneFault::Impossible);
    }
    // `00` is how much of the world dials `+`; libphonenumber knows it only for some regions.
    let typed = match typed.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => typed.to_owned(),
    };
    let region = country.and_then(|country| Region::from_str(&country.to_uppercase()).ok());
    let number = PHONE_NUMBER_UTIL.parse(&typed, region).map_err(|_| PhoneFault::Impossible)?;
    // Written as in another decade: what it means today.
    let number = match forms::today(&number.format_as(PhoneNumberFormat::E164)) {
        Some(today) => PHONE_NUMBER_UTIL.parse(&today, None).map_err(|_| PhoneFault::Impossible)?,
        None => number,
    };
    if !number.is_valid() || number.extension.is_some() {
        return Err(PhoneFault::Impossible);
    }
    let country = number.get_region_code().ok_or(PhoneFault::Impossible)?;
    let line = line(number.get_type()).ok_or(PhoneFault::NotPersonal)?;
    Ok(Number { e164: number.format_as(PhoneNumberFormat::E164).into_owned(), country: country.to_string(), line })
}

/// Nothing for numbers that cost whoever calls them, or belong to nobody in particular.
fn line(kind: PhoneNumberType) -> Option<Line> {
    match kind {
        PhoneNumberType::Mobile
        | PhoneNumberType::FixedLineOrMobile
        | PhoneNumberType::VoIP
        | PhoneNumberType::PersonalNumber => Some(Line::Mobile),
        PhoneNumberType::FixedLine => Some(Line::Landline),
        _ => None,
    }
}

/// The country of a stored number, and what answers there.
pub fn reach(e164: &str) -> (Option<String>, Line) {
    let Ok(number) = PHONE_NUMBER_UTIL.parse(e164, None) else { return (None, Line::Mobile) };
    let country = number.get_region_code().map(|region| region.to_string());
    (country, line(number.get_type()).unwrap_or(Line::Mobile))
}

/// `+234 803 123 4567`: how a page shows a stored number.
pub fn international(e164: &str) -> String {
    match PHONE_NUMBER_UTIL.parse(e164, None) {
        Ok(number) => number.format_as(PhoneNumberFormat::International).into_owned(),
        Err(_) => e164.to_owned(),
    }
}

/// The country a stored number belongs to.
pub fn country_of(e164: &str) -> Option<String> {
    Some(PHONE_NUMBER_UTIL.parse(e164, None).ok()?.get_region_code()?.to_string())
}

/// A number as they are in this country, for which prices and ladders can be looked up; it may be somebody's.
pub fn example(iso: &str) -> Option<String> {
    let region = Region::from_str(iso).ok()?;
    let number = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, PhoneNumberType::Mobile).ok()?;
    Some(number.format_as(PhoneNumberFormat::E164).into_owned())
}

/// Whether libphonenumber knows this ISO 3166 alpha-2 code.
pub fn is_country(iso: &str) -> bool {
    iso.len() == 2
        && iso.bytes().all(|byte| byte.is_ascii_uppercase())
        && Region::from_str(iso).is_ok_and(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn e164(typed: &str, country: Option<&str>) -> Result<String, PhoneFault> {
        parse(typed, country).map(|number| number.e164)
    }

    #[test]
    fn any_format_is_read() {
        for typed in [
            "08031234567",
            "0803 123 4567",
            "803-123-4567",
            "(0803) 123.4567",
            "+234 803 123 4567",
            "+2348031234567",
            "002348031234567",
            " ٠٨٠٣١٢٣٤٥٦٧ ",
        ] {
            assert_eq!(e164(typed, Some("NG")), Ok("+2348031234567".into()), "{typed}");
        }
    }

    #[test]
    fn a_typed_plus_overrides_the_country() {
        assert_eq!(parse("+61 444 110 110", Some("NG")).map(|n| n.country), Ok("AU".into()));
    }

    #[test]
    fn one_number_is_stored_in_one_form_however_its_country_wrote_it() {
        for (typed, stored) in [
            ("+52 1 55 1234 5678", "+525512345678"),
            ("+52 55 1234 5678", "+525512345678"),
            ("+54 9 11 2345 6789", "+5491123456789"),
            ("+54 9 11 15 2345 6789", "+5491123456789"),
            ("+55 11 9 6123 4567", "+5511961234567"),
            ("+55 11 6123 4567", "+5511961234567"),
        ] {
            assert_eq!(e164(typed, None).as_deref(), Ok(stored), "{typed}");
        }
    }

    #[test]
    fn what_cannot_receive_a_passcode_is_refused() {
        assert_eq!(e164("", Some("NG")), Err(PhoneFault::Empty));
        assert_eq!(e164("12", Some("NG")), Err(PhoneFault::Impossible));
        assert_eq!(e164("0803 123", Some("NG")), Err(PhoneFault::Impossible));
        assert_eq!(e164("08031234567", None), Err(PhoneFault::Impossible));
        assert_eq!(e164("1-800-FLOWERS", Some("US")), Err(PhoneFault::Impossible));
        // Toll-free, premium, shared cost, company-wide.
        for refused in
            ["+1 800 356 9377", "+44 909 879 0000", "+44 844 412 4444", "+44 55 1234 5678", "+49 900 1 123456"]
        {
            assert_eq!(e164(refused, None), Err(PhoneFault::NotPersonal), "{refused}");
        }
        assert_eq!(e164(&"1".repeat(500), Some("US")), Err(PhoneFault::Impossible));
    }

    #[test]
    fn a_landline_is_known_where_the_metadata_tells() {
        assert_eq!(parse("+44 20 7946 0018", None).map(|number| number.line), Ok(Line::Landline));
        assert_eq!(parse("+234 803 123 4567", None).map(|number| number.line), Ok(Line::Mobile));
        // In North America nobody can tell.
        assert_eq!(parse("+1 202 555 0123", None).map(|number| number.line), Ok(Line::Mobile));
        assert_eq!(reach("+442079460018"), (Some("GB".into()), Line::Landline));
    }

    #[test]
    fn countries_are_known_by_iso_code() {
        assert!(is_country("NG") && is_country("GB"));
        assert!(!is_country("ng") && !is_country("ZZ") && !is_country("NGA"));
    }
}
