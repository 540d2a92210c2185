//! The only source of chance: the operating system's generator, through aws-lc.

use crate::domain::device::{ALPHABET, LETTERS};
use crate::domain::ids::{AttemptId, ChallengeId, ConnectionId, GrantId, InteractionId, SessionId, SubjectId};
use crate::domain::time::Time;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const LETTERS_AND_DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[derive(Clone, Copy, Debug, Default)]
pub struct Entropy;

impl Entropy {
    pub fn bytes<const N: usize>(self) -> [u8; N] {
        let mut bytes = [0; N];
        #[expect(clippy::expect_used, reason = "without chance no answer of this server is safe: stop")]
        aws_lc_rs::rand::fill(&mut bytes).expect("the operating system's random generator");
        bytes
    }

    fn hex(self) -> String {
        crate::domain::hex::encode(&self.bytes::<16>())
    }

    /// 48 bits of time before 80 of chance, as in UUIDv7 (RFC 9562 §5.7): rows made together lie together. For names that
    /// are no secrets.
    fn dated(self, now: Time) -> String {
        let mut bytes = self.bytes::<16>();
        for (byte, of_time) in bytes.iter_mut().zip(now.0.to_be_bytes().into_iter().skip(2)) {
            *byte = of_time;
        }
        crate::domain::hex::encode(&bytes)
    }

    /// 256 bits as text no cookie reader takes for JSON or a number.
    pub fn token(self, prefix: &str) -> String {
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(self.bytes::<32>()))
    }

    /// 128 bits for names that travel in URLs, nonces and request ids.
    pub fn short(self) -> String {
        self.hex()
    }

    /// A client secret: 52 letters and digits, the only form Kinde's SDKs accept (`^[a-zA-Z0-9]{40,60}$`).
    pub fn client_secret(self) -> String {
        let mut secret = String::with_capacity(52);
        while secret.len() < 52 {
            // 248 is the largest multiple of 62 a byte can hold: above it, draw again, so that no letter is likelier.
            let letters = self.bytes::<64>().into_iter().filter(|byte| *byte < 248);
            secret.extend(
                letters.map(|byte| char::from(LETTERS_AND_DIGITS[usize::from(byte % 62)])).take(52 - secret.len()),
            );
        }
        secret
    }

    /// A secret as Standard Webhooks writes it: `whsec_` and base64, here of 256 bits.
    pub fn webhook_secret(self) -> String {
        format!("whsec_{}", STANDARD.encode(self.bytes::<32>()))
    }

    /// What a person types for a device: each letter as likely as any other.
    pub fn user_code(self) -> String {
        let mut code = String::with_capacity(LETTERS);
        while code.len() < LETTERS {
            // 240 is the largest multiple of 20 a byte can hold.
            let bytes = self.bytes::<16>().into_iter().filter(|byte| *byte < 240);
            let letters = bytes.filter_map(|byte| ALPHABET.get(usize::from(byte % 20)).copied().map(char::from));
            code.extend(letters.take(LETTERS - code.len()));
        }
        code
    }

    pub fn connection_id(self) -> ConnectionId {
        ConnectionId::new(format!("conn_{}", self.hex()))
    }
    pub fn subject_id(self) -> SubjectId {
        SubjectId::new(format!("kp_{}", self.hex()))
    }
    pub fn session_id(self, now: Time) -> SessionId {
        SessionId::new(format!("sid_{}", self.dated(now)))
    }
    pub fn interaction_id(self, now: Time) -> InteractionId {
        InteractionId::new(format!("in_{}", self.dated(now)))
    }
    pub fn challenge_id(self, now: Time) -> ChallengeId {
        ChallengeId::new(format!("ch_{}", self.dated(now)))
    }
    pub fn grant_id(self, now: Time) -> GrantId {
        GrantId::new(format!("gr_{}", self.dated(now)))
    }
    /// Moments have ids only to be rows.
    pub fn moment_id(self, now: Time) -> String {
        self.dated(now)
    }
    pub fn notice_id(self, now: Time) -> String {
        format!("no_{}", self.dated(now))
    }
    pub fn event_id(self, now: Time) -> String {
        format!("event_{}", self.dated(now))
    }
    pub fn event_delivery_id(self, now: Time) -> String {
        format!("ed_{}", self.dated(now))
    }
    pub fn attempt_id(self, now: Time) -> AttemptId {
        AttemptId::new(format!("at_{}", self.dated(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_codes_use_every_letter_and_no_other() {
        let all: String = (0..500).map(|_| Entropy.user_code()).collect();
        assert_eq!(all.len(), 500 * LETTERS);
        assert!(all.bytes().all(|letter| ALPHABET.contains(&letter)));
        assert!(ALPHABET.iter().all(|letter| all.bytes().any(|drawn| drawn == *letter)));
    }

    #[test]
    fn secrets_have_the_form_sdks_check() {
        for _ in 0..200 {
            let secret = Entropy.client_secret();
            assert_eq!(secret.len(), 52);
            assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
    }
}
