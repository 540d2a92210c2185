//! Money in millionths of a currency's unit: exact where floats are not, and an SMS costs a fraction of a cent.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Millionths of a unit of the installation's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Micros(pub i64);

impl Micros {
    /// `12`, `0.0079`: digits with at most six after the point.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 9 || part.len() > 6 || !digits(whole) || !digits(part) {
            return None;
        }
        let part: i64 = format!("{part:0<6}").parse().ok()?;
        Some(Self(whole.parse::<i64>().ok()? * 1_000_000 + part))
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1_000_000, (self.0 % 1_000_000).abs());
        let part = format!("{part:06}");
        let part = part.trim_end_matches('0');
        write!(f, "{whole}.{part:0<2}")
    }
}

/// An amount as a carrier reports it, in its own currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    pub amount: Micros,
    /// ISO 4217, like USD.
    pub currency: String,
}

impl Cost {
    /// Carriers write what we pay with a minus, or without.
    pub fn read(amount: &str, currency: &str) -> Option<Self> {
        let amount = amount.trim().trim_start_matches('-');
        // More places than a millionth are cut: nobody is billed those.
        let amount = amount
            .split_once('.')
            .map_or(amount.to_owned(), |(whole, part)| format!("{whole}.{}", part.chars().take(6).collect::<String>()));
        let currency = currency.trim().to_uppercase();
        let known = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        Some(Self { amount: Micros::parse(&amount)?, currency: known.then_some(currency)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (text, micros, shown) in
            [("0.0079", 7_900, "0.0079"), ("12", 12_000_000, "12.00"), ("1.5", 1_500_000, "1.50")]
        {
            assert_eq!(Micros::parse(text), Some(Micros(micros)), "{text}");
            assert_eq!(Micros(micros).to_string(), shown);
        }
        for wrong in ["", ".5", "-1", "1e3", "0.1234567", "1,5", "99999999999"] {
            assert_eq!(Micros::parse(wrong), None, "{wrong}");
        }
        let cost = Cost::read("-0.00750", "usd").expect("an amount");
        assert_eq!((cost.amount, cost.currency.as_str()), (Micros(7_500), "USD"));
        assert_eq!(Cost::read("0.03330000", "EUR").map(|cost| cost.amount), Some(Micros(33_300)));
        assert_eq!(Cost::read("1", "dollars"), None);
    }
}
