//! Proofs of possession somebody may have made up: read without a fault, and none that was changed is one.

use crate::prover::{Prover, claims};
use countersign::crypto::dpop;
use countersign::domain::dpop::Shown;
use countersign::domain::time::Time;
use serde_json::json;

const URL: &str = "https://id.example/oauth2/token";
const ALGORITHMS: [&str; 4] = ["RS256", "PS256", "ES256", "EdDSA"];

fn shown() -> Shown {
    Shown { proofs: Vec::new(), method: "POST".into(), url: URL.into() }
}

#[test]
fn a_changed_proof_is_no_proof() {
    let key = Prover::new("ES256");
    let proof = key.proof("POST", URL, 1_000, json!({}));
    let read = dpop::read(&proof, &ALGORITHMS).expect("a good proof");
    assert_eq!(
        (read.jkt.as_str(), read.fits(&shown(), None, Time::from_secs(1_000))),
        (key.thumbprint().as_str(), Ok(()))
    );
    bolero::check!().with_type::<(u16, u8, String)>().cloned().for_each(|(at, skip, text)| {
        let at = usize::from(at) % (proof.len() + 1);
        let rest = (at + usize::from(skip % 8)).min(proof.len());
        let changed = format!("{}{text}{}", &proof[..at], &proof[rest..]);
        if changed != proof {
            assert!(dpop::read(&changed, &ALGORITHMS).is_err(), "{changed}");
        }
    });
}

#[test]
fn whatever_a_key_signs_is_read_calmly() {
    let key = Prover::new("ES256");
    let header = key.proof_header().to_string();
    bolero::check!().with_type::<(String, String, String, i64, f64)>().cloned().for_each(
        |(jti, htm, htu, iat, odd)| {
            let good = claims(&htm, &htu, iat, json!({"jti": jti, "exp": odd}));
            for body in
                [good.to_string(), jti.clone(), json!({"jti": jti, "htm": htm, "htu": htu, "iat": odd}).to_string()]
            {
                if let Ok(proof) = dpop::read(&key.sign_text(&header, &body), &ALGORITHMS) {
                    assert_eq!(proof.jkt, key.thumbprint());
                    let fits = proof.fits(&shown(), None, Time::from_secs(1_000)).is_ok();
                    assert!(
                        !fits || (proof.htm == "POST" && proof.htu.to_lowercase().starts_with("https://id.example"))
                    );
                    assert!(proof.ends_at() >= proof.iat);
                }
            }
            assert!(dpop::read(&key.sign_text(&htu, &good.to_string()), &ALGORITHMS).is_err(), "{htu}");
            assert!(dpop::read(&jti, &ALGORITHMS).is_err());
        },
    );
}
