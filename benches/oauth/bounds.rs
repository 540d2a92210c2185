//! What one signature and one verification cost by each algorithm, with a parsed key kept in memory, on this machine, now.

use super::Failure;
use super::server::thread_cpu;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use jsonwebtoken::Algorithm;

const TIMES: u32 = 1_000;
/// As long as a token's header and claims.
const MESSAGE: [u8; 700] = [7; 700];

/// CPU seconds.
pub struct Bounds {
    pub rsa: Cost,
    pub ec: Cost,
    pub ed: Cost,
}

#[derive(Clone, Copy)]
pub struct Cost {
    pub sign: f64,
    pub verify: f64,
}

impl Bounds {
    pub fn measure() -> Result<Self, Failure> {
        let random = SystemRandom::new();
        let rsa = RsaKeyPair::generate(KeySize::Rsa2048)?;
        let rsa_sign = || {
            let mut signature = vec![0; rsa.public_modulus_len()];
            rsa.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature).map(|()| signature)
        };
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let ec_sign = || ec.sign(&random, &MESSAGE).map(|signature| signature.as_ref().to_vec());
        let ed = Ed25519KeyPair::from_pkcs8(Ed25519KeyPair::generate_pkcs8(&random)?.as_ref())?;
        let rsa_public = AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(rsa.public_key())?;
        Ok(Self {
            rsa: cost(&RSA_PKCS1_2048_8192_SHA256, rsa_public.as_ref(), rsa_sign)?,
            ec: cost(&ECDSA_P256_SHA256_FIXED, ec.public_key().as_ref(), ec_sign)?,
            ed: cost(&ED25519, ed.public_key().as_ref(), || Ok(ed.sign(&MESSAGE).as_ref().to_vec()))?,
        })
    }

    pub fn of(&self, algorithm: Algorithm) -> Cost {
        match algorithm {
            Algorithm::ES256 => self.ec,
            Algorithm::EdDSA => self.ed,
            _ => self.rsa,
        }
    }
}

fn cost(
    by: &'static dyn VerificationAlgorithm,
    public: &[u8],
    sign: impl Fn() -> Result<Vec<u8>, aws_lc_rs::error::Unspecified>,
) -> Result<Cost, Failure> {
    let signature = sign()?;
    let before = thread_cpu()?;
    for _ in 0..TIMES {
        std::hint::black_box(sign()?);
    }
    let signed = thread_cpu()?;
    let key = UnparsedPublicKey::new(by, public);
    for _ in 0..TIMES {
        key.verify(&MESSAGE, &signature)?;
    }
    let verified = thread_cpu()?;
    Ok(Cost { sign: (signed - before) / f64::from(TIMES), verify: (verified - signed) / f64::from(TIMES) })
}
