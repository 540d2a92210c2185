//! How many messages an SMS is billed as: 160 characters of the GSM alphabet, 70 of any other; less in each where it takes several
//! (3GPP TS 23.038 §6.2.1, TS 23.040 §9.2.3.24.1).

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Each of these takes two places.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// Places taken: septets, or UTF-16 units.
    pub places: usize,
    /// Whether the GSM alphabet has all of it.
    pub gsm: bool,
    pub segments: usize,
}

pub fn length(text: &str) -> Length {
    let gsm = text.chars().all(|c| BASIC.contains(c) || EXTENDED.contains(c));
    let places = if gsm {
        text.chars().map(|c| if EXTENDED.contains(c) { 2 } else { 1 }).sum()
    } else {
        text.encode_utf16().count()
    };
    let (one, each) = if gsm { (160, 153) } else { (70, 67) };
    let segments = if places <= one { 1 } else { places.div_ceil(each) };
    Length { places, gsm, segments }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_counted_as_carriers_bill_them() {
        let told = |text: &str| {
            let length = length(text);
            (length.places, length.gsm, length.segments)
        };
        assert_eq!(told(&"a".repeat(160)), (160, true, 1));
        assert_eq!(told(&"a".repeat(161)), (161, true, 2));
        assert_eq!(told(&"a".repeat(306)), (306, true, 2));
        assert_eq!(told(&"a".repeat(307)), (307, true, 3));
        assert_eq!(told("€[é"), (5, true, 1));
        assert_eq!(told(&"ç".repeat(70)), (70, false, 1));
        assert_eq!(told(&"ы".repeat(71)), (71, false, 2));
        assert_eq!(told("😀"), (2, false, 1));
    }
}
