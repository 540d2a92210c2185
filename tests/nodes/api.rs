//! `countersign api`: what the API does, done on this machine; a running server serves it.

use crate::commands::{running, until};
use crate::harness::ways::ask;
use crate::harness::{SHOP, both};
use crate::node::program_of;
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;

both!(the_api_is_asked_without_a_token, async |engine| {
    let (place, node) = running(engine, &[]).await;
    place.apply(SHOP);
    let command = |args: &[&str]| {
        let output = place.run(args);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    // What there is, with and without being asked.
    let (code, listed, _) = command(&["api"]);
    assert_eq!((code, command(&["api", "--help"]).1), (Some(0), listed.clone()));
    for line in ["POST   /people/{id}/merge", "GET    /audit/verify", "POST   /carriers/{name}/test"] {
        assert!(listed.contains(line), "{line}: {listed}");
    }
    let (code, told, _) = command(&["api", "GET", "/clients/shop"]);
    let shop: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((code, shop["name"].as_str(), told.lines().count() > 5), (Some(0), Some("Shop"), true), "{told}");
    let (_, raw, _) = command(&["api", "get", "/api/v1/clients/shop", "--raw"]);
    assert_eq!((serde_json::from_str::<Value>(&raw).expect("JSON"), raw.lines().count()), (shop, 1), "{raw}");
    // Changed here, served there.
    let (code, told, wrong) = command(&["api", "PATCH", "/clients/shop", "{\"name\": \"Store\"}"]);
    assert_eq!(code, Some(0), "{told}{wrong}");
    let machine = node.machine();
    until("its new name shows", &node, async || {
        crate::harness::Visitor::new(&place.issuer).get(&ask(&[])).await.text().contains("Store")
    })
    .await;
    assert_eq!(machine.get("/api/v1/clients/shop").await.status, 401, "not over the network");
    // A refusal is told in words.
    let (code, told, wrong) = command(&["api", "PATCH", "/clients/shop", "{\"redirect_uris\": [\"nowhere\"]}"]);
    assert_eq!((code, told.as_str()), (Some(1), ""));
    assert!(wrong.contains("Something in it is wrong") && wrong.contains("redirect_uris"), "{wrong}");
    let tagged = ["api", "PATCH", "/clients/shop", "{\"name\": \"X\"}", "-H", "If-Match: \"old\""];
    let (code, _, wrong) = command(&tagged);
    assert!(code == Some(1) && wrong.contains("Somebody changed it") && wrong.contains("Store"), "{wrong}");
    for (args, code) in [
        (&["api", "GET", "/nowhere"][..], 1),
        (&["api", "DELETE", "/connections/phone"], 1),
        (&["api", "GET", "clients"], 2),
        (&["api", "GET"], 2),
        (&["api", "POST", "/people", "@/none"], 2),
        (&["api", "GET", "/people", "-H", "nothing"], 2),
    ] {
        assert_eq!(command(args).0, Some(code), "{args:?}");
    }
    // A body from a file, and from standard input.
    let body =
        place.file("ada.json", "{\"identifiers\": [\"ada@mail.example\"], \"profile\": {\"name\": \"Ada Obi\"}}");
    let (code, told, wrong) = command(&["api", "POST", "/people", &format!("@{}", body.display())]);
    assert!(code == Some(0) && told.contains("Ada Obi"), "{told}{wrong}");
    let mut child = program_of(&place)
        .args(["api", "POST", "/apply?dry_run=true", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("starts");
    let input = SHOP.replace("name = \"Kiosk\"", "name = \"Stand\"");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("writes");
    let output = child.wait_with_output().expect("ends");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && told.contains("kiosk"), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let (code, told, _) = command(&["api", "GET", "/people?q=ada obi"]);
    assert!(code == Some(0) && told.contains("Ada Obi"), "{told}");
    assert_eq!(command(&["api", "DELETE", "/clients/kiosk"]), (Some(0), String::new(), String::new()));
    // What is no JSON comes as it is.
    let (code, file, _) = command(&["api", "GET", "/export"]);
    assert!(code == Some(0) && file.contains("[[client]]") && !file.contains("Kiosk"), "{file}");
    let (_, book, _) = command(&["api", "GET", "/audit/export"]);
    let last: Value = serde_json::from_str(book.lines().last().expect("entries")).expect("JSON");
    assert_eq!((&last["act"], &last["name"], &last["actor"]), (&"delete".into(), &"kiosk".into(), &"command".into()));
    let (_, told, _) = command(&["api", "GET", "/audit/verify"]);
    assert!(told.contains("\"whole\": true"), "{told}");
});
