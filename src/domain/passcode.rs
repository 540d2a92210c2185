//! The digits a person types: drawn from a MAC without bias, read from whatever was pasted, never printed.

use std::fmt;
use zeroize::Zeroizing;

/// Not `Clone`, not `Serialize`, and its `Debug` shows nothing.
pub struct Passcode(Zeroizing<String>);

impl Passcode {
    /// Digits from uniform 64-bit words. A word at or above the largest multiple of 10^`digits` is skipped, so every
    /// passcode is equally likely; `None` when all words were skipped (fewer than one in 10^9 with ten digits).
    pub fn from_words(words: impl IntoIterator<Item = u64>, digits: u8) -> Option<Self> {
        let range = 10u64.pow(u32::from(digits.clamp(4, 10)));
        let limit = u64::MAX - u64::MAX % range;
        let word = words.into_iter().find(|word| *word < limit)?;
        let width = usize::from(digits.clamp(4, 10));
        Some(Self(Zeroizing::new(format!("{:0width$}", word % range))))
    }

    /// A fixed passcode of a test identifier.
    pub fn fixed(digits: &str) -> Self {
        Self(Zeroizing::new(digits.to_owned()))
    }

    /// What somebody typed or pasted ("Your code is 123 456!"): its digits, in any script. `None` unless there are `digits` of them.
    pub fn typed(text: &str, digits: usize) -> Option<Self> {
        if text.len() > 400 {
            return None;
        }
        let found: Zeroizing<String> = Zeroizing::new(text.chars().filter_map(decimal).collect());
        (found.len() == digits).then_some(Self(found))
    }

    /// For the message and the compare, nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passcode(…)")
    }
}

/// ASCII, full-width, Arabic-Indic, Persian, Devanagari and Bengali digits, as phones' keyboards type them.
fn decimal(c: char) -> Option<char> {
    const ZEROS: [u32; 6] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xFF10];
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

/// The two letters shown on the page and in the message, so that a person with several messages knows which belongs here.
/// No vowels (no words), none that look like another.
pub fn tag(bytes: [u8; 2]) -> String {
    const LETTERS: &[u8; 16] = b"BCDFGHJKMNPRTVWX";
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 16)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_without_bias() {
        let six = |words: &[u64]| Passcode::from_words(words.iter().copied(), 6).map(|p| p.reveal().to_owned());
        assert_eq!(six(&[7]), Some("000007".into()));
        assert_eq!(six(&[1_234_567]), Some("234567".into()));
        // The incomplete last stretch would make low passcodes likelier: it is skipped.
        assert_eq!(six(&[u64::MAX, 5]), Some("000005".into()));
        assert_eq!(six(&[u64::MAX]), None);
    }

    #[test]
    fn what_was_pasted_is_read() {
        let read = |text: &str| Passcode::typed(text, 6).map(|p| p.reveal().to_owned());
        for text in ["123456", " 123 456 ", "123-456", "Your code is 123 456!", "１２３４５６", "١٢٣٤٥٦", "१२३४५६"]
        {
            assert_eq!(read(text), Some("123456".into()), "{text}");
        }
        for text in ["", "12345", "1234567", "abc", &"1".repeat(1000)] {
            assert_eq!(read(text), None);
        }
        assert_eq!(format!("{:?}", Passcode::fixed("123456")), "Passcode(…)");
    }
}
