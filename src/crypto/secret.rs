//! The installation's one secret, and the keys drawn from it: to seal, to derive passcodes and refresh tokens, to blur identifiers.
//! It lives outside the database, so a copy of the database alone opens nothing.

use super::seal::Seal;
use crate::domain::challenge::Challenge;
use crate::domain::hex;
use crate::domain::identifier::Identifier;
use crate::domain::passcode::{self, Passcode};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Shorter ones are refused: they could be guessed.
pub const SHORTEST: usize = 32;

pub struct Secret {
    pub seal: Seal,
    passcodes: hmac::Key,
    refreshes: hmac::Key,
    blur: hmac::Key,
    nonces: hmac::Key,
    audit: hmac::Key,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a passcode is bound to. Change any of it, and the digits are others.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    pub challenge: &'a str,
    pub purpose: &'a str,
    pub identifier: &'a Identifier,
    pub browser: &'a str,
}

impl<'a> Bound<'a> {
    pub fn of(challenge: &'a Challenge) -> Self {
        Self {
            challenge: challenge.id.as_str(),
            purpose: challenge.purpose.as_str(),
            identifier: &challenge.identifier,
            browser: &challenge.browser,
        }
    }
}

impl Secret {
    pub fn new(master: &[u8]) -> Result<Self, super::CryptoError> {
        if master.len() < SHORTEST {
            return Err(super::CryptoError(format!(
                "the secret is {} bytes long; it needs at least {SHORTEST}",
                master.len()
            )));
        }
        let key = |label: &str| derive(master, label);
        Ok(Self {
            seal: Seal::new(&*key("seal")?)?,
            passcodes: hmac::Key::new(hmac::HMAC_SHA256, &*key("passcode")?),
            refreshes: hmac::Key::new(hmac::HMAC_SHA256, &*key("refresh")?),
            blur: hmac::Key::new(hmac::HMAC_SHA256, &*key("blur")?),
            nonces: hmac::Key::new(hmac::HMAC_SHA256, &*key("nonce")?),
            audit: hmac::Key::new(hmac::HMAC_SHA256, &*key("audit")?),
        })
    }

    /// The digits of a challenge: the same on every rung and every resend, on every node, and stored nowhere.
    pub fn passcode(&self, bound: Bound<'_>, digits: u8) -> Passcode {
        (0..u8::MAX)
            .find_map(|round| {
                let mac = self.mac(bound, round);
                let words =
                    mac.chunks_exact(8).map(|chunk| chunk.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte)));
                Passcode::from_words(words.collect::<Vec<_>>(), digits)
            })
            .unwrap_or_else(|| unreachable_passcode(self, bound, digits))
    }

    /// The two letters that pair a message with its page.
    pub fn tag(&self, bound: Bound<'_>) -> String {
        let mac = self.mac(bound, u8::MAX);
        passcode::tag([mac.first().copied().unwrap_or(0), mac.get(1).copied().unwrap_or(0)])
    }

    /// The mac of an audit entry: whoever has the database alone can make none.
    pub fn audit(&self, text: &str) -> String {
        hex::encode(hmac::sign(&self.audit, text.as_bytes()).as_ref())
    }

    fn mac(&self, bound: Bound<'_>, round: u8) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.passcodes);
        let parts = [
            bound.challenge,
            bound.purpose,
            bound.identifier.kind().as_str(),
            bound.identifier.reveal(),
            bound.browser,
        ];
        for part in parts {
            // Lengths in front, so that no two lists of parts spell the same bytes.
            context.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.update(&[round]);
        context.sign().as_ref().to_vec()
    }

    /// A refresh token: which grant, which generation, and a MAC over both. Nothing of it is stored.
    pub fn refresh_token(&self, grant: &str, generation: i64) -> String {
        let mac = hmac::sign(&self.refreshes, format!("{grant}.{generation}").as_bytes());
        format!("rt_{}.{generation}.{}", grant.trim_start_matches("gr_"), URL_SAFE_NO_PAD.encode(mac))
    }

    /// The grant and generation a genuine refresh token names.
    pub fn read_refresh_token(&self, token: &str) -> Option<(String, i64)> {
        let mut parts = token.strip_prefix("rt_")?.split('.');
        let (grant, generation, mac) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
        let grant = format!("gr_{grant}");
        let genuine = parts.next().is_none()
            && hmac::verify(
                &self.refreshes,
                format!("{grant}.{generation}").as_bytes(),
                &URL_SAFE_NO_PAD.decode(mac).ok()?,
            )
            .is_ok();
        genuine.then_some((grant, generation))
    }

    /// What a DPoP proof made in this window of time is to hold (RFC 9449 §8): nobody foretells it, every node knows it.
    pub fn nonce(&self, window: i64) -> String {
        let mac = hmac::sign(&self.nonces, &window.to_be_bytes());
        URL_SAFE_NO_PAD.encode(mac.as_ref().get(..16).unwrap_or_default())
    }

    /// An identifier as counters know it: stable, and not to be read back.
    pub fn blurred(&self, identifier: &Identifier) -> String {
        self.blurred_text(&format!("{}:{}", identifier.kind().as_str(), identifier.reveal()))
    }

    /// Other personal data counters go by: a network address.
    pub fn blurred_text(&self, text: &str) -> String {
        hex::encode(hmac::sign(&self.blur, text.as_bytes()).as_ref().get(..16).unwrap_or_default())
    }
}

/// 255 rounds of four words each were all skipped: fewer than one chance in 2^1000. Still no panic and no fixed digits.
fn unreachable_passcode(secret: &Secret, bound: Bound<'_>, digits: u8) -> Passcode {
    let mac = secret.mac(bound, 0);
    let word = mac.iter().take(7).fold(0u64, |word, byte| word << 8 | u64::from(*byte));
    Passcode::from_words([word], digits).unwrap_or_else(|| Passcode::fixed(""))
}

fn derive(master: &[u8], label: &str) -> Result<Zeroizing<[u8; 32]>, super::CryptoError> {
    struct Len;
    impl KeyType for Len {
        fn len(&self) -> usize {
            32
        }
    }
    let mut key = Zeroizing::new([0; 32]);
    let info = [b"countersign/".as_slice(), label.as_bytes()];
    let prk = Salt::new(HKDF_SHA256, b"countersign v1").extract(master);
    prk.expand(&info, Len).and_then(|okm| okm.fill(&mut *key)).map_err(|_| super::CryptoError("HKDF failed".into()))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::Kind;
    use std::collections::HashSet;

    fn secret() -> Secret {
        Secret::new(&[7; 32]).expect("long enough")
    }

    #[test]
    fn digits_depend_on_all_they_are_bound_to() {
        let (secret, phone, other) = (
            secret(),
            Identifier::stored(Kind::Phone, "+2348031234567".into()),
            Identifier::stored(Kind::Phone, "+2348031234568".into()),
        );
        let bound = Bound { challenge: "ch_1", purpose: "sign_in", identifier: &phone, browser: "b" };
        let digits = |bound: Bound<'_>| secret.passcode(bound, 10).reveal().to_owned();
        let all = [
            bound,
            Bound { challenge: "ch_2", ..bound },
            Bound { purpose: "x", ..bound },
            Bound { identifier: &other, ..bound },
            Bound { browser: "c", ..bound },
        ];
        assert_eq!(all.map(digits).into_iter().collect::<HashSet<_>>().len(), 5);
        assert_eq!(digits(bound), digits(bound));
        assert_ne!(digits(bound), Secret::new(&[8; 32]).expect("long enough").passcode(bound, 10).reveal());
        for length in 4..=10u8 {
            assert_eq!(secret.passcode(bound, length).reveal().len(), usize::from(length));
        }
    }

    #[test]
    fn digits_are_spread_evenly() {
        let (secret, phone) = (secret(), Identifier::stored(Kind::Phone, "+2348031234567".into()));
        let mut seen = [0u32; 10];
        for n in 0..20_000 {
            let code = secret
                .passcode(Bound { challenge: &n.to_string(), purpose: "sign_in", identifier: &phone, browser: "b" }, 6);
            let first = code.reveal().bytes().next().expect("six digits");
            seen[usize::from(first - b'0')] += 1;
        }
        // 2,000 expected, standard deviation 42: six of them either way.
        assert!(seen.iter().all(|count| (1_750..2_250).contains(count)), "{seen:?}");
    }

    #[test]
    fn only_our_refresh_tokens_are_read() {
        let secret = secret();
        let token = secret.refresh_token("gr_0123", 4);
        assert_eq!(secret.read_refresh_token(&token), Some(("gr_0123".into(), 4)));
        for forged in [
            token.replace(".4.", ".5."),
            token.replace("0123", "0124"),
            format!("{token}.x"),
            "rt_".into(),
            String::new(),
            token.replace("rt_", ""),
        ] {
            assert_eq!(secret.read_refresh_token(&forged), None, "{forged}");
        }
        assert!(Secret::new(&[8; 32]).expect("long enough").read_refresh_token(&token).is_none());
    }
}
