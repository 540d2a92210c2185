//! Who there is: a third by mail alone, the others with a number of one of a dozen countries.

use super::chance::Chance;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::time::Time;
use crate::store::seed::Person;
use serde_json::json;
use std::time::Duration;

/// A country, how many of its people there are, how its mobile numbers begin, and how many digits follow.
pub struct Country {
    pub iso: &'static str,
    pub begins: &'static str,
    pub digits: u32,
}

pub const COUNTRIES: [(u64, Country); 12] = [
    (30, Country { iso: "NG", begins: "+234803", digits: 7 }),
    (15, Country { iso: "BR", begins: "+55119", digits: 8 }),
    (12, Country { iso: "IN", begins: "+9198", digits: 8 }),
    (10, Country { iso: "ID", begins: "+62812", digits: 8 }),
    (8, Country { iso: "KE", begins: "+254712", digits: 6 }),
    (5, Country { iso: "GH", begins: "+23324", digits: 7 }),
    (5, Country { iso: "PH", begins: "+63917", digits: 7 }),
    (4, Country { iso: "ZA", begins: "+2782", digits: 7 }),
    (4, Country { iso: "MX", begins: "+5255", digits: 8 }),
    (3, Country { iso: "US", begins: "+12125", digits: 6 }),
    (2, Country { iso: "GB", begins: "+447890", digits: 6 }),
    (2, Country { iso: "DE", begins: "+49151", digits: 8 }),
];

const NAMES: [&str; 12] =
    ["Ada", "Bola", "Chidi", "Dewi", "Efua", "Farid", "Gabriela", "Hana", "Ikenna", "João", "Kemi", "Lakshmi"];

/// The n-th person's own chance: the same whoever asks, in whatever order.
fn own(seed: u64, n: u64) -> Chance {
    Chance::of(Chance::of(seed ^ 0x7065_6f70_6c65).next() ^ n.wrapping_mul(0xd134_2543_de82_ef95))
}

/// The n-th person's identifier, by which they sign in, and its country; an address has none.
pub(super) fn identifier(seed: u64, n: u64) -> (Identifier, &'static str) {
    let mut chance = own(seed, n);
    let country = chance.pick(&COUNTRIES).filter(|_| !n.is_multiple_of(3));
    match country {
        None => (Identifier::stored(Kind::Email, format!("p{n}@people{}.example", n % 50)), ""),
        Some(country) => {
            let all = 10u64.pow(country.digits);
            // 7919 divides no power of ten: no two people have one number, until there are more people than numbers.
            let digits = n.wrapping_mul(7919) % all;
            let width = usize::try_from(country.digits).unwrap_or_default();
            let number = format!("{}{digits:0width$}", country.begins);
            (Identifier::stored(Kind::Phone, number), country.iso)
        }
    }
}

pub(super) fn person(seed: u64, n: u64, now: Time) -> Person {
    let (first, _) = identifier(seed, n);
    let mut chance = own(seed, n);
    let id = format!("kp_{}{}", chance.tail(), &chance.tail()[..12]);
    let name = usize::try_from(chance.below(12)).unwrap_or_default();
    let phone = first.kind() == Kind::Phone;
    let mut identifiers = vec![first];
    if phone && chance.happens(300) {
        identifiers.push(Identifier::stored(Kind::Email, format!("q{n}@people{}.example", n % 50)));
    }
    let age = Duration::from_secs(chance.below(900 * 24 * 60 * 60));
    let (given, family) = (NAMES.get(name).copied().unwrap_or("Ada"), format!("Of{}", n % 5_000));
    let words = [given, &family].map(str::to_lowercase).to_vec();
    let profile = json!({ "given_name": given, "family_name": family });
    let blocked_at = chance.happens(2).then_some(now);
    Person { id, since: now.minus(age), blocked_at, profile: profile.to_string(), words, identifiers }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_and_everybody_has_one_of_their_own() {
        let mut seen = std::collections::HashSet::new();
        // From all over a million: a country may have numbers only in part of what begins as they do.
        for n in (0..1_000_000).step_by(97) {
            let (identifier, country) = identifier(1, n);
            assert!(seen.insert(identifier.reveal().to_owned()), "{n}");
            assert_eq!(Identifier::read(identifier.reveal()).as_ref(), Some(&identifier), "{}", identifier.reveal());
            assert_eq!(identifier.country().unwrap_or_default(), country, "{}", identifier.reveal());
        }
    }
}
