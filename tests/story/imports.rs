//! People brought in from files of every kind, with all that may be wrong in them.

use crate::harness::machine::Answer;
use crate::harness::operator::Operator;
use crate::harness::ways::{typed, waiting};
use crate::harness::{Engine, House, SHOP, both};
use countersign::domain::audit::By;
use countersign::domain::import::{Became, Format, Import, Said, State};
use countersign::flows::manage::import::{self, Asked};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const DECLARED: &str = r#"
[[role]]
key = "clerk"
name = "Clerk"

[[organization]]
code = "org_acme"
name = "Acme"
external_id = "crm-acme"
"#;

async fn house(engine: Engine) -> House {
    House::with(engine, &format!("{SHOP}{DECLARED}"), &[]).await
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name)
}

const fn as_is(format: Format) -> Asked {
    Asked { format, trust_unverified: false, dry_run: false, resume: false }
}

async fn import(house: &House, path: &Path, asked: Asked) -> (Import, Vec<Said>) {
    let mut all = Vec::new();
    let tell = |_: &Import, said: &[Said]| all.extend_from_slice(said);
    let import = import::run(&house.app, &By::command(), path, asked, tell).await.expect("imports");
    (import, all)
}

fn counts(import: &Import) -> (i64, i64, i64) {
    (import.made, import.present, import.wrong)
}

async fn person(operator: &Operator, identifier: &str) -> Value {
    let encoded: String = url::form_urlencoded::byte_serialize(identifier.as_bytes()).collect();
    operator.get(&format!("people?identifier={encoded}")).await.json()["data"][0].clone()
}

const ADA: &str = "ada@shop.example";
const NUMBER: &str = "+2348031234567";

both!(each_vendors_file_is_read_as_it_is_written, async |engine| {
    for (file, format, wanted, name) in [
        ("firebase.json", Format::Firebase, (2, 0, 2), json!({ "name": "Ada Obi" })),
        ("firebase.csv", Format::Firebase, (2, 0, 1), json!({ "name": "Obi, Ada" })),
        ("auth0.ndjson", Format::Auth0, (3, 0, 1), json!({ "name": "Ada Obi", "family_name": "Obi" })),
        ("auth0.csv", Format::Auth0, (2, 0, 1), json!({ "name": "Ada Obi", "given_name": "Ada" })),
        (
            "supabase.csv",
            Format::Supabase,
            (2, 0, 2),
            json!({ "name": "Ada Obi", "picture": "https://shop.example/ada.png" }),
        ),
        ("supabase.json", Format::Supabase, (2, 0, 0), json!({ "name": "Ada Obi" })),
        ("kinde.ndjson", Format::Kinde, (2, 0, 1), json!({ "given_name": "Ada", "family_name": "Obi" })),
        ("kinde.csv", Format::Kinde, (1, 0, 1), json!({ "given_name": "Ada" })),
        (
            "logto.json",
            Format::Logto,
            (1, 0, 1),
            json!({ "locale": "en-NG", "address": { "country": "NG", "postal_code": "100001" } }),
        ),
        ("plain.csv", Format::Csv, (3, 0, 1), json!({ "given_name": "Ada", "provided_id": "crm-7" })),
    ] {
        let house = house(engine).await;
        let operator = Operator::of(&house, &["read:people"]).await;
        let (done, said) = import(&house, &fixture(file), as_is(format)).await;
        assert_eq!((counts(&done), done.state), (wanted, State::Done), "{file}: {said:?}");
        assert_eq!((done.position, said.len() as i64), (done.size, wanted.0 + wanted.2), "{file}");
        let ada = person(&operator, ADA).await;
        for (claim, value) in name.as_object().expect("claims") {
            assert_eq!(ada["profile"][claim], *value, "{file}: {ada}");
        }
        assert!(ada["profile"]["provided_id"].is_string(), "{file}: {ada}");
        assert!(person(&operator, NUMBER).await["id"].is_string(), "{file}");
        assert_eq!(person(&operator, "eve@shop.example").await["id"].is_string(), file == "plain.csv", "{file}");
        assert_eq!(person(&operator, "other@shop.example").await, Value::Null, "{file}");
        // No hash of a password is anywhere.
        let profiles = operator.get("people").await.body;
        assert!(!profiles.contains("$2") && !profiles.contains("kxZ3b0"), "{file}: {profiles}");
        // Again, it is nobody.
        let (again, _) = import(&house, &fixture(file), as_is(format)).await;
        assert_eq!(counts(&again), (0, wanted.0, wanted.2), "{file}");
        house.close().await;
    }
});

both!(who_was_brought_in_signs_in_as_who_they_are, async |engine| {
    let house = house(engine).await;
    let operator = Operator::of(&house, &["read:people", "read:audit"]).await;
    let (_, said) = import(&house, &fixture("kinde.ndjson"), as_is(Format::Kinde)).await;
    assert_eq!(said[0].detail, "an organization left out: it is not declared");
    assert_eq!((said[2].became, said[2].line), (Became::Wrong, 3));
    let ada = person(&operator, ADA).await;
    // Apps go on knowing them by the `sub` they know.
    assert_eq!(ada["id"], "kp_0ba7c433e5d648cf992621ce99d42817");
    assert_eq!(ada["memberships"], json!([{ "organization": "org_acme", "roles": [], "permissions": [] }]));
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, ADA).await;
    house.settle().await;
    typed(&mut visitor, &page, &house.passcode(ADA).await).await.code();
    assert_eq!(person(&operator, ADA).await["id"], ada["id"]);
    let found = operator.get("people?q=crm-7").await.json();
    assert_eq!(found["data"][0]["profile"]["preferred_username"], "obi", "found by what one's own systems call them");
    let book = operator.get("audit?noun=import").await.json();
    assert_eq!((&book["data"][0]["act"], &book["data"][1]["act"]), (&json!("finish"), &json!("begin")));
    assert_eq!(book["data"][0]["after"], json!({ "state": "done", "made": 2, "present": 0, "wrong": 1 }));
    assert_eq!(operator.get("audit?noun=person").await.json()["data"], json!([]), "one import, not each person");
    house.close().await;
});

both!(a_dry_run_says_all_and_makes_nobody, async |engine| {
    let house = house(engine).await;
    let operator = Operator::of(&house, &["read:people", "read:audit"]).await;
    let dry = Asked { dry_run: true, ..as_is(Format::Csv) };
    let (done, said) = import(&house, &fixture("plain.csv"), dry).await;
    assert_eq!(counts(&done), (3, 0, 1));
    assert_eq!(said[2].detail, "phone number left out: it is none; nothing to sign in with");
    assert_eq!(operator.get("people").await.json()["data"], json!([]));
    assert_eq!(operator.get("audit?noun=import").await.json()["data"], json!([]), "nothing was done");
    let (done, _) = import(&house, &fixture("plain.csv"), as_is(Format::Csv)).await;
    assert_eq!(counts(&done), (3, 0, 1), "as it was said");
    let eve = person(&operator, "eve@shop.example").await;
    assert_eq!(eve["profile"]["given_name"], "=HYPERLINK(\"http://evil.example\")", "a formula is a text");
    let ada = person(&operator, ADA).await;
    assert_eq!(ada["memberships"], json!([{ "organization": "org_acme", "roles": ["clerk"], "permissions": [] }]));
    // One number was never verified, and is left out beside it.
    assert_eq!(ada["identifiers"].as_array().map(Vec::len), Some(2));
    house.close().await;
});

both!(what_was_never_verified_comes_by_the_operators_word_alone, async |engine| {
    let house = house(engine).await;
    let operator = Operator::of(&house, &["read:people"]).await;
    let trusting = Asked { trust_unverified: true, ..as_is(Format::Firebase) };
    let (done, said) = import(&house, &fixture("firebase.json"), trusting).await;
    assert_eq!(counts(&done), (3, 0, 1));
    assert_eq!(said[2].detail, "e-mail address linked by your word: it was never verified");
    let eve = person(&operator, "eve@shop.example").await;
    assert_eq!(eve["blocked"], true, "disabled there");
    house.close().await;
});

fn written(folder: &tempfile::TempDir, name: &str, text: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("writes");
    path
}

both!(a_bad_line_spoils_itself_alone, async |engine| {
    let house = house(engine).await;
    let operator = Operator::of(&house, &["read:people"]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let long = "x".repeat(10 * 1024 * 1024);
    let mut text = b"\xef\xbb\xbfemail,name,phone\r\n".to_vec();
    for line in [
        &b"a1@shop.example,\"=1+1\",\r\n"[..],
        b"a2@shop.example,\xff\xfe,\r\n",
        b"a3@shop.example,too,many,cells\r\n",
        b"a4@shop.example,\"two\r\nlines\",\r\n",
        b"\r\n",
        b"a1@shop.example,again,\r\n",
        b"A1@SHOP.example,again in other letters,\r\n",
        b"a5@shop.example,con\x07trol,\r\n",
        b"a6@shop.example\x00,nul,\r\n",
        b"a7@shop.example\r\nBcc: x@y.example,injected,\r\n",
        b"a8@shop.example,<script>alert(1)</script>,\r\n",
    ] {
        text.extend_from_slice(line);
    }
    text.extend_from_slice(format!("a9@shop.example,{long},\r\n").as_bytes());
    text.extend_from_slice(b"last@shop.example,Last,+234 803 123 4567\r\n");
    text.extend_from_slice(b"torn@shop.example,\"open");
    let path = written(&folder, "bad.csv", &text);
    let (done, said) = import(&house, &path, as_is(Format::Csv)).await;
    let told: Vec<(i64, Became, &str)> = said.iter().map(|one| (one.line, one.became, one.detail.as_str())).collect();
    assert_eq!(
        told,
        [
            (2, Became::Made, ""),
            (3, Became::Wrong, "not UTF-8"),
            (4, Became::Wrong, "4 cells, where 3 columns have a name"),
            (5, Became::Made, "name left out: up to 500 characters, and none that control"),
            (8, Became::Present, ""),
            (9, Became::Present, ""),
            (10, Became::Made, "name left out: up to 500 characters, and none that control"),
            (11, Became::Wrong, "e-mail address left out: it is none; nothing to sign in with"),
            (12, Became::Wrong, "1 cells, where 3 columns have a name"),
            (13, Became::Wrong, "e-mail address left out: it is none; nothing to sign in with"),
            (14, Became::Made, ""),
            (15, Became::Wrong, "longer than 1 MB"),
            (16, Became::Made, ""),
            (17, Became::Wrong, "the file ends in the middle of it, or a quote is left open"),
        ]
    );
    assert_eq!((counts(&done), done.state), ((5, 2, 7), State::Done));
    assert_eq!(person(&operator, "a1@shop.example").await["profile"]["name"], "=1+1");
    assert_eq!(person(&operator, NUMBER).await["profile"]["name"], "Last");
    // The same of JSON.
    let lines = format!(
        "{{\"email\":\"b1@shop.example\",\"email_verified\":true}}\n{{broken\n[]\n\"text\"\n{{\"email\":7}}\n{{\"name\":\"{long}\"}}\n{{\"email\":\"b2@shop.example\",\"email_verified\":true}}"
    );
    let (done, said) = import(&house, &written(&folder, "bad.ndjson", lines.as_bytes()), as_is(Format::Auth0)).await;
    assert_eq!(counts(&done), (2, 0, 5), "{said:?}");
    let deep = format!(
        "[{{\"email\":\"c1@shop.example\",\"x\":{}{}}},{{\"email\":\"c2@shop.example\",\"email_verified\":true}}]",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let (done, said) = import(&house, &written(&folder, "deep.json", deep.as_bytes()), as_is(Format::Auth0)).await;
    assert_eq!(counts(&done), (1, 0, 1), "no stack is used up: {said:?}");
    house.close().await;
});

both!(a_file_that_is_none_says_why, async |engine| {
    let house = house(engine).await;
    let folder = tempfile::tempdir().expect("a folder");
    for (text, format, why) in [
        (&b""[..], Format::Csv, "the file is empty"),
        (b"name,age\nAda,36\n", Format::Csv, "the first line names the columns, and none is called email or phone"),
        (b"\xff\xfee\x00m\x00", Format::Csv, "the file is UTF-16: save it as UTF-8"),
        (b"{\"people\": []}", Format::Firebase, "no list called \"users\" is in the first 64 KB of it"),
    ] {
        let (failed, _) = import(&house, &written(&folder, "none", text), as_is(format)).await;
        assert_eq!((failed.state, failed.detail.as_deref()), (State::Failed, Some(why)));
    }
    let (empty, _) = import(&house, &written(&folder, "empty", b"{\"users\": []}"), as_is(Format::Firebase)).await;
    assert_eq!((empty.state, empty.detail.as_deref()), (State::Done, Some("nobody is in it")));
    let gone = import::run(&house.app, &By::command(), Path::new("/none"), as_is(Format::Csv), |_, _| {}).await;
    assert!(gone.is_err());
    house.close().await;
});

both!(somebody_who_signs_up_meanwhile_keeps_what_is_theirs, async |engine| {
    let house = house(engine).await;
    let operator = Operator::of(&house, &["read:people"]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let people: String = (0..4_000).map(|n| format!("p{n}@shop.example,P{n}\n")).collect();
    let path = written(&folder, "many.csv", format!("email,name\n{people}").as_bytes());
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, "p3999@shop.example").await;
    house.settle().await;
    let digits = house.passcode("p3999@shop.example").await;
    let (signed_in, (done, _)) =
        tokio::join!(typed(&mut visitor, &page, &digits), import(&house, &path, as_is(Format::Csv)));
    signed_in.code();
    assert_eq!(done.made + done.present, 4_000);
    assert_eq!(done.wrong, 0);
    assert!(person(&operator, "p3999@shop.example").await["id"].is_string());
    let (again, _) = import(&house, &path, as_is(Format::Csv)).await;
    assert_eq!(counts(&again), (0, 4_000, 0));
    house.close().await;
});

async fn upload(operator: &Operator, query: &str, body: &[u8]) -> Answer {
    let bearer = format!("Bearer {}", operator.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/octet-stream")];
    operator.machine.any(Method::POST, &format!("/api/v1/imports?{query}"), &headers, body.to_vec()).await
}

async fn ended(operator: &Operator, id: &str) -> Value {
    for _ in 0..600 {
        let told = operator.get(&format!("imports/{id}")).await;
        assert_eq!(told.status, 200, "{}", told.body);
        if told.json()["state"] != "running" {
            return told.json();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{id} does not end");
}

both!(a_file_comes_through_the_api, async |engine| {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("UTF-8");
    let declared = format!("{SHOP}{DECLARED}");
    let house = House::with(engine, &declared, &[("data_dir", data)]).await;
    let operator = Operator::of(&house, &["create:imports", "read:imports", "read:people", "read:audit"]).await;
    let plain = std::fs::read(fixture("plain.csv")).expect("a fixture");
    let taken = upload(&operator, "format=csv", &plain).await;
    assert_eq!(taken.status, 202, "{}", taken.body);
    let id = taken.text("id");
    assert_eq!(taken.header("location"), Some(format!("/api/v1/imports/{id}").as_str()));
    let done = ended(&operator, &id).await;
    assert_eq!((&done["state"], &done["made"], &done["wrong"]), (&json!("done"), &json!(3), &json!(1)), "{done}");
    assert_eq!(done["bytes_read"], done["bytes"]);
    let lines = operator.get(&format!("imports/{id}/lines?limit=1")).await.json();
    assert_eq!(
        lines["data"],
        json!([{ "line": 4, "became": "wrong", "detail": "phone number left out: it is none; nothing to sign in with" }])
    );
    let next =
        operator.get(&format!("imports/{id}/lines?cursor={}", lines["next"].as_str().expect("more"))).await.json();
    assert_eq!(next["data"][0]["line"], 5);
    let book = operator.get("audit?noun=import").await.json();
    assert_eq!((&book["data"][0]["actor"], &book["data"][0]["act"]), (&json!("client:operator"), &json!("finish")));
    assert_eq!(person(&operator, ADA).await["profile"]["provided_id"], "crm-7");
    let listed = operator.get("imports").await.json();
    assert_eq!(listed["data"][0]["id"], json!(id));
    let dry = upload(&operator, "format=csv&dry_run=true", &plain).await.text("id");
    assert_eq!(ended(&operator, &dry).await["present"], 3);
    // More than any other request may hold.
    let many: String = (0..20_000).map(|n| format!("q{n}@shop.example,Somebody called Q{n}\n")).collect();
    let many = upload(&operator, "format=csv", format!("email,name\n{many}").as_bytes()).await;
    assert_eq!(many.status, 202, "{}", many.body);
    assert_eq!(ended(&operator, &many.text("id")).await["made"], 20_000);
    for wrong in ["", "format=okta", "format=csv&dry_run=maybe"] {
        assert_eq!(upload(&operator, wrong, &plain).await.status, 400, "{wrong}");
    }
    for gone in ["imports/imp_none", "imports/imp_none/lines"] {
        assert_eq!(operator.get(gone).await.status, 404, "{gone}");
    }
    let other = Operator::called(&house, "other", &["read:people"]).await;
    assert_eq!(upload(&other, "format=csv", &plain).await.status, 403);
    let left = std::fs::read_dir(folder.path().join("imports")).expect("a folder").count();
    assert_eq!(left, 0, "no file is left lying about");
    house.close().await;
});
