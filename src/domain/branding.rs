//! One colour of an operator's choosing, made readable.
//!
//! An operator names a single colour. Here it becomes the shades a page needs in light and in dark, by the contrast of
//! WCAG 2.2: a button stands out from the page by 3:1, its text from the button by 4.5:1, a link from the page by 4.5:1.
//! The hue stays; only the lightness moves, and only as far as it must.

use std::sync::LazyLock;

/// What buttons and links stand on, in light and in dark; `static/page.css` uses the same two.
const LIGHT_PAGE: Rgb = Rgb { red: 255, green: 255, blue: 255 };
const DARK_PAGE: Rgb = Rgb { red: 24, green: 27, blue: 31 };

const SHAPE_CONTRAST: f64 = 3.0;
const TEXT_CONTRAST: f64 = 4.5;

/// What became of a colour where it is a button's, in light or in dark.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub shade: String,
    /// The colour of text on it.
    pub text: String,
    /// Their contrast, WCAG 2.2.
    pub ratio: f64,
    /// Whether it is as it was wished.
    pub kept: bool,
}

/// The shades of one brand colour, each as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    pub light: String,
    pub on_light: String,
    pub link_light: String,
    pub dark: String,
    pub on_dark: String,
    pub link_dark: String,
}

impl Accent {
    /// Reads `#0a7f5a`, `0a7f5a` or `#0a8`; anything else is no colour.
    pub fn from_hex(text: &str) -> Option<Accent> {
        let wish = Rgb::parse(text)?;
        let light = button(wish, LIGHT_PAGE);
        let dark = button(wish, DARK_PAGE);
        Some(Accent {
            light: light.hex(),
            on_light: text_on(light).hex(),
            link_light: standing_out(wish, LIGHT_PAGE, TEXT_CONTRAST).hex(),
            dark: dark.hex(),
            on_dark: text_on(dark).hex(),
            link_dark: standing_out(wish, DARK_PAGE, TEXT_CONTRAST).hex(),
        })
    }
}

impl Accent {
    /// The same in light and in dark, for whoever chooses.
    pub fn told(text: &str) -> Option<[Told; 2]> {
        let wish = Rgb::parse(text)?;
        Some([LIGHT_PAGE, DARK_PAGE].map(|page| {
            let (shade, kept) = (button(wish, page), button(wish, page) == wish);
            let text = text_on(shade);
            Told { shade: shade.hex(), text: text.hex(), ratio: contrast(shade, text), kept }
        }))
    }
}

impl Default for Accent {
    /// A calm green, for clients that chose no colour.
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "a constant, read by the test of this file")]
        Accent::from_hex("#0b6b53").expect("the default colour is one")
    }
}

/// How bright each value of a channel is, WCAG 2.2: shades are looked for at every page.
static LINEAR: LazyLock<[f64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|channel| {
        let part = channel as f64 / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
});

/// What of the pages' style an application may set beside its colour, as CSS custom properties; nothing else is taken, so that no
/// style of an operator's can hide or fake a part of a page.
pub const VARIABLES: [(&str, &str); 4] = [
    ("--radius", "how round corners are: 0, or up to 24px or 1.5rem"),
    ("--font", "families in order, like Georgia, serif; no font is loaded"),
    ("--page", "what lies behind the form on wide screens, like #f4f6f5"),
    ("--page-dark", "the same in the dark"),
];

/// Whether a variable may be set so.
pub fn is_variable(name: &str, value: &str) -> bool {
    match name {
        "--radius" => is_radius(value),
        "--font" => {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | '-');
            (1..=100).contains(&value.len())
                && value.chars().all(plain)
                && value.starts_with(|c: char| c.is_ascii_alphabetic())
        }
        "--page" | "--page-dark" => value.starts_with('#') && value.len() == 7 && Rgb::parse(value).is_some(),
        _ => false,
    }
}

fn is_radius(value: &str) -> bool {
    let within = |number: &str, most: f64| {
        let digits = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        digits && number.parse::<f64>().is_ok_and(|number| number <= most)
    };
    value == "0"
        || value.strip_suffix("px").is_some_and(|number| within(number, 24.0))
        || value.strip_suffix("rem").is_some_and(|number| within(number, 1.5))
}

/// The style of these variables; those that may not be set are left out.
pub fn style<'a>(variables: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let (mut all, mut dark) = (String::new(), String::new());
    for (name, value) in variables.filter(|(name, value)| is_variable(name, value)) {
        match name {
            "--page-dark" => dark = format!("@media(prefers-color-scheme:dark){{:root{{--page:{value}}}}}"),
            name => all.push_str(&format!("{name}:{value};")),
        }
    }
    if all.is_empty() { dark } else { format!(":root{{{all}}}{dark}") }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rgb {
    red: u8,
    green: u8,
    blue: u8,
}

impl Rgb {
    const WHITE: Rgb = Rgb { red: 255, green: 255, blue: 255 };
    /// Almost black: softer than black on a bright button.
    const INK: Rgb = Rgb { red: 11, green: 15, blue: 14 };

    fn parse(text: &str) -> Option<Rgb> {
        let digits = text.trim().strip_prefix('#').unwrap_or(text.trim());
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let byte = |shift: u32| (value >> shift & 0xff) as u8;
        let nibble = |shift: u32| (value >> shift & 0xf) as u8 * 17;
        match digits.len() {
            6 => Some(Rgb { red: byte(16), green: byte(8), blue: byte(0) }),
            3 => Some(Rgb { red: nibble(8), green: nibble(4), blue: nibble(0) }),
            _ => None,
        }
    }

    fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| LINEAR[usize::from(channel)];
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// This colour with `share` of another mixed in, 0 to 1.
    fn mixed(self, other: Rgb, share: f64) -> Rgb {
        let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Rgb { red: mix(self.red, other.red), green: mix(self.green, other.green), blue: mix(self.blue, other.blue) }
    }
}

/// WCAG 2.2 contrast between two colours, 1 to 21.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The wished colour, shifted just until it stands out from the page: darker on light pages, lighter on dark ones.
fn standing_out(wish: Rgb, page: Rgb, least: f64) -> Rgb {
    steps(wish, away_from(page)).find(|shade| contrast(*shade, page) >= least).unwrap_or(away_from(page))
}

/// As [`standing_out`], and far enough that text on it can be read.
fn button(wish: Rgb, page: Rgb) -> Rgb {
    steps(wish, away_from(page))
        .find(|shade| contrast(*shade, page) >= SHAPE_CONTRAST && contrast(*shade, text_on(*shade)) >= TEXT_CONTRAST)
        .unwrap_or(away_from(page))
}

fn steps(from: Rgb, towards: Rgb) -> impl Iterator<Item = Rgb> {
    (0..=100).map(move |step| from.mixed(towards, f64::from(step) / 100.0))
}

fn away_from(page: Rgb) -> Rgb {
    if page.luminance() > 0.5 { Rgb { red: 0, green: 0, blue: 0 } } else { Rgb::WHITE }
}

/// White where it can be read, otherwise ink.
fn text_on(ground: Rgb) -> Rgb {
    if contrast(ground, Rgb::WHITE) >= TEXT_CONTRAST || contrast(ground, Rgb::WHITE) > contrast(ground, Rgb::INK) {
        Rgb::WHITE
    } else {
        Rgb::INK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(a: &str, b: &str) -> f64 {
        contrast(Rgb::parse(a).unwrap(), Rgb::parse(b).unwrap())
    }

    #[test]
    fn contrast_is_what_wcag_says() {
        assert!((ratio("#000000", "#ffffff") - 21.0).abs() < 0.001);
        assert!((ratio("#777777", "#ffffff") - 4.478).abs() < 0.001);
    }

    #[test]
    fn what_became_of_a_colour_is_told() {
        let [light, dark] = Accent::told("#0b6b53").unwrap();
        assert!(light.kept && light.ratio > 4.5 && light.text == "#ffffff", "{light:?}");
        assert!(!dark.kept && dark.ratio >= 4.5, "{dark:?}");
        let [light, _] = Accent::told("#ffee00").unwrap();
        assert!(!light.kept && light.shade != "#ffee00", "{light:?}");
        assert_eq!(Accent::told("red"), None);
    }

    #[test]
    fn every_colour_becomes_readable() {
        for red in (0..=255).step_by(17) {
            for green in (0..=255).step_by(17) {
                for blue in (0..=255).step_by(17) {
                    let wish = format!("#{red:02x}{green:02x}{blue:02x}");
                    let accent = Accent::from_hex(&wish).unwrap();
                    for (page, shape, text, link) in [
                        (LIGHT_PAGE, &accent.light, &accent.on_light, &accent.link_light),
                        (DARK_PAGE, &accent.dark, &accent.on_dark, &accent.link_dark),
                    ] {
                        let page = page.hex();
                        assert!(ratio(shape, &page) >= SHAPE_CONTRAST, "{wish}: button {shape} on {page}");
                        assert!(ratio(text, shape) >= TEXT_CONTRAST, "{wish}: text {text} on {shape}");
                        assert!(ratio(link, &page) >= TEXT_CONTRAST, "{wish}: link {link} on {page}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_readable_colour_stays_as_it_is() {
        assert_eq!(Accent::from_hex("#0a7f5a").unwrap().light, "#0a7f5a");
        assert_eq!(Accent::from_hex("0A7F5A"), Accent::from_hex("#0a7f5a"));
        assert_eq!(Accent::from_hex("#fc0"), Accent::from_hex("#ffcc00"));
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "#", "red", "#12345", "#1234567", "#12345g", "#+12345", "url(x)", "#0a7f5a;}", "é0a7"] {
            assert_eq!(Accent::from_hex(text), None, "{text}");
        }
    }

    #[test]
    fn variables_are_a_few_and_plain() {
        for (name, value) in [
            ("--radius", "0"),
            ("--radius", "4px"),
            ("--radius", "1.5rem"),
            ("--font", "Georgia, serif"),
            ("--page", "#fafafa"),
            ("--page-dark", "#000000"),
        ] {
            assert!(is_variable(name, value), "{name}: {value}");
        }
        for (name, value) in [
            ("--radius", "25px"),
            ("--radius", "calc(1px)"),
            ("--radius", "-1px"),
            ("--radius", ""),
            ("--font", "\"x\""),
            ("--font", "x;}body{display:none"),
            ("--font", "url(//evil)"),
            ("--page", "red"),
            ("--page", "fafafa"),
            ("--page", "#fafafa;"),
            ("--text", "#ffffff"),
            ("color", "red"),
        ] {
            assert!(!is_variable(name, value), "{name}: {value}");
        }
        let told = style([("--radius", "4px"), ("--page-dark", "#101010"), ("--text", "#fff")].into_iter());
        assert_eq!(told, ":root{--radius:4px;}@media(prefers-color-scheme:dark){:root{--page:#101010}}");
    }
}
