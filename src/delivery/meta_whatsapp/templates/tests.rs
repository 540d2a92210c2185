//! Templates: what is posted, what is compared, what is told.

use super::*;
use crate::delivery::fake::Fake;
use crate::domain::carrier::{self, Credentials};

fn template(language: &str) -> Template {
    Template { language: language.into(), copy_code: "Copy code".into(), minutes: 5 }
}

/// As Meta shows what was created.
fn shown(language: &str, status: &str) -> Value {
    json!({
        "id": "594425479261596", "name": "countersign_passcode", "language": language, "status": status,
        "category": "AUTHENTICATION", "message_send_ttl_seconds": 300,
        "components": [
            {"type": "BODY", "text": "*{{1}}* is your verification code.", "add_security_recommendation": true},
            {"type": "FOOTER", "text": "This code expires in 5 minutes.", "code_expiration_minutes": 5},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
                "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code_expiration_minutes=5&code=otp{{1}}"}]}
        ]
    })
}

async fn synced(answers: &[(u16, Value)], languages: &[&str]) -> (Vec<Finding>, Fake) {
    let fake = Fake::start(answers).await;
    let settings = carrier::MetaWhatsapp {
        phone_number_id: "1".into(),
        business_account_id: "102290129340398".into(),
        ..carrier::MetaWhatsapp::default()
    };
    let meta = MetaWhatsapp::new(&settings, &Credentials::default(), fake.web());
    let templates: Vec<Template> = languages.iter().map(|language| template(language)).collect();
    (meta.sync_templates(&templates).await, fake)
}

#[test]
fn a_template_is_created_as_meta_documents() {
    assert_eq!(
        created("countersign_passcode", &template("pt-BR")),
        json!({
            "name": "countersign_passcode", "language": "pt_BR", "category": "AUTHENTICATION",
            "message_send_ttl_seconds": 300,
            "components": [
                {"type": "BODY", "add_security_recommendation": true},
                {"type": "FOOTER", "code_expiration_minutes": 5},
                {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}]}
            ]
        })
    );
    let long = Template { minutes: 120, copy_code: "Ж".repeat(40), ..template("en") };
    assert_eq!((seconds(&long), minutes(&long), button(&long).chars().count()), (900, 90, 25));
    let short = Template { minutes: 0, ..template("en") };
    assert_eq!((seconds(&short), minutes(&short)), (30, 1));
}

#[test]
fn a_difference_is_seen_in_each_part_meta_tells() {
    let differs = |path: &str, value: Value| {
        let mut have = shown("en", "APPROVED");
        *have.pointer_mut(path).expect("a part") = value;
        super::differs(&have, &template("en"))
    };
    assert!(!super::differs(&shown("en", "APPROVED"), &template("en")));
    assert!(!super::differs(&json!({"language": "en"}), &template("en")), "nothing is told, so nothing differs");
    assert!(differs("/components/2/buttons/0/text", json!("Copy")));
    assert!(differs("/components/1/code_expiration_minutes", json!(10)));
    assert!(differs("/components/0/add_security_recommendation", json!(false)));
    assert!(differs("/message_send_ttl_seconds", json!(600)));
    assert!(!differs("/components/1/code_expiration_minutes", Value::Null), "the button's address says it too");
    assert_eq!(minutes_in("https://x.example/?code_expiration_minutes=7"), Some(7));
}

#[tokio::test]
async fn what_is_missing_is_made_and_what_differs_is_changed() {
    let mut old = shown("es", "APPROVED");
    old["message_send_ttl_seconds"] = json!(600);
    let other = json!({"name": "countersign_passcode_2", "language": "fr", "status": "APPROVED"});
    let listed = json!({"data": [shown("en", "APPROVED"), old, other]});
    let made = json!({"id": "1", "status": "PENDING", "category": "AUTHENTICATION"});
    let unknown = json!({"error": {"code": 100, "message": "(#100) Param language must be one of {AF, SQ}"}});
    let verdict = json!({"error": {"code": 100, "message": "Invalid parameter", "error_subcode": 2_388_042,
        "error_user_msg": "Your business is not verified."}});
    let answers = [(200, listed), (200, json!({"success": true})), (200, made), (400, unknown), (400, verdict)];
    let (findings, fake) = synced(&answers, &["en", "es", "fr", "sw", "ar"]).await;
    let told: Vec<_> = findings.iter().map(|finding| (finding.good, finding.text.as_str())).collect();
    assert_eq!(told[0], (true, "en: APPROVED"));
    assert_eq!(told[1], (true, "es: changed; Meta looks at it anew"));
    assert_eq!(told[2], (true, "fr: made, PENDING, Meta has yet to decide"));
    assert!(told[3].0 && told[3].1.contains("in English: (#100) Param language"), "{}", told[3].1);
    assert_eq!(told[4], (false, "ar: not made: Invalid parameter: Your business is not verified. (100)"));
    let asked = fake.asked();
    assert_eq!(asked[1].path, "/v23.0/594425479261596");
    assert_eq!(asked[1].body, json!({"components": components(&template("es")), "message_send_ttl_seconds": 300}));
    assert_eq!(asked[2].path, "/v23.0/102290129340398/message_templates");
    assert_eq!(asked[2].body["language"], "fr");
}

#[tokio::test]
async fn what_meta_decides_upon_is_left_alone() {
    let mut pending = shown("en", "PENDING");
    pending["message_send_ttl_seconds"] = json!(600);
    let mut rejected = shown("es", "REJECTED");
    rejected["rejected_reason"] = json!("INVALID_FORMAT");
    let (findings, fake) = synced(&[(200, json!({"data": [pending, rejected]}))], &["en", "es"]).await;
    assert!(!findings[0].good && findings[0].text.contains("while it is PENDING"), "{}", findings[0].text);
    assert_eq!(findings[1], Finding::bad("es: REJECTED (INVALID_FORMAT)"));
    assert_eq!(fake.asked().len(), 1);
}
