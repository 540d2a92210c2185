//! Signing keys: a rotation nobody notices, and a database that gives none of them away.

use crate::harness::machine::Machine;
use crate::harness::rp::payload;
use crate::harness::ways::{TEST, ask, prove, signed_in};
use crate::harness::{Engine, House, both, config};
use base64::Engine as _;
use countersign::app::{App, key_label};
use countersign::clock::Clock;
use countersign::crypto::secret::Secret;
use countersign::flows::keys;
use countersign::store;
use std::collections::BTreeSet;

async fn published(machine: &Machine) -> BTreeSet<String> {
    let keys = machine.get("/.well-known/jwks.json").await.json();
    keys["keys"].as_array().expect("keys").iter().map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

fn kid(token: &str) -> String {
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').next().expect("a header"));
    let header: serde_json::Value = serde_json::from_slice(&header.expect("base64url")).expect("JSON");
    header["kid"].as_str().expect("a kid").to_owned()
}

both!(a_rotation_in_flight_is_not_noticed, async |engine| {
    let house = House::open(engine).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    // A relying party that fetched the keys long ago, and one person on the way in while it happens.
    let early = house.shop().await;
    let begun = early.begin(&["openid", "phone", "offline"], &[]);
    let page = visitor.get(&begun.url).await;
    let old = published(&machine).await;

    let rotated = keys::rotate(&house.app, &countersign::domain::audit::By::command()).await.expect("rotates");
    let new: BTreeSet<String> = rotated.iter().map(|rotated| rotated.kid.to_string()).collect();
    assert_eq!((old.len(), new.len()), (3, 3), "one for each algorithm");
    assert_eq!(published(&machine).await, &old | &new, "published before they sign");
    let back = prove(&mut visitor, page).await;
    let before = early.finish(begun, &back).await;
    assert!(
        old.contains(&kid(&before.id_token)) && old.contains(&kid(&before.access_token)),
        "within the lead the old ones sign"
    );

    // Keys are fetched at most every five minutes: within the lead everybody has seen the new ones.
    let fetched = house.shop().await;
    house.pass(3_601);
    let begun = fetched.begin(&["openid", "phone"], &[]);
    let back = visitor.get(&begun.url).await;
    let after = fetched.finish(begun, &back).await;
    assert!(new.contains(&kid(&after.id_token)) && new.contains(&kid(&after.access_token)));
    assert_eq!(after.claims.subject(), before.claims.subject());

    // What the old ones signed is still good: here, at the relying party, and as a hint.
    assert_eq!(machine.userinfo(&before.access_token).await.status, 200);
    visitor.get(&ask(&[("prompt", "none"), ("id_token_hint", &before.id_token)])).await.code();
    let refreshed = fetched.refresh(before.refresh_token.as_deref().expect("offline")).await.expect("refreshes");
    assert!(new.contains(&kid(&refreshed.id_token)));

    // Once no token of theirs can live, they leave.
    house.pass(26 * 3_600);
    assert_eq!(published(&machine).await, new);
    assert_eq!(machine.userinfo(&before.access_token).await.status, 401);
    house.close().await;
});

both!(two_rotations_in_a_row_leave_no_gap, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let first = published(&machine).await;
    for _ in 0..2 {
        keys::rotate(&house.app, &countersign::domain::audit::By::command()).await.expect("rotates");
        house.pass(60);
    }
    assert_eq!(published(&machine).await.len(), 9);
    for hours in [0, 1, 2, 30] {
        house.pass(hours * 3_600);
        let back = signed_in(&mut house.visitor(), &[]).await;
        let token = machine.redeem(&back.code(), &[]).await.text("id_token");
        assert!(published(&machine).await.contains(&kid(&token)), "{hours}");
        assert_eq!(first.contains(&kid(&token)), hours == 0, "{hours}");
        assert_eq!(payload(&token)["phone_number"], TEST);
    }
    assert_eq!(published(&machine).await.len(), 3);
    house.close().await;
});

both!(keys_are_sealed_in_the_database, async |engine| {
    let house = House::open(engine).await;
    let rows = store::keys::list(&house.app.db).await.expect("lists");
    assert_eq!(rows.len(), 3);
    let mut opened = Vec::new();
    for row in &rows {
        let plain = house.app.secret.seal.open(&key_label(&row.kid), &row.sealed).expect("opens with the secret");
        // PKCS#8: a sequence, version 0 or 1.
        assert_eq!(plain[0], 0x30);
        assert!(
            !contains(&row.sealed, &plain[..24]) && !contains(&row.sealed, &plain[plain.len() - 24..]),
            "{}",
            row.algorithm
        );
        // Moved to another key's row, it does not open.
        for other in rows.iter().filter(|other| other.kid != row.kid) {
            assert!(house.app.secret.seal.open(&key_label(&other.kid), &row.sealed).is_err());
        }
        opened.push(plain);
    }
    if engine == Engine::Sqlite {
        let path = house.database_url.strip_prefix("sqlite:").expect("a file");
        for file in [path.to_owned(), format!("{path}-wal")] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            for plain in &opened {
                assert!(
                    plain.chunks_exact(24).all(|piece| !contains(&bytes, piece)),
                    "{file} holds a piece of a private key"
                );
            }
        }
    }
    house.close().await;
});

both!(another_secret_opens_nothing, async |engine| {
    let house = House::open(engine).await;
    let settings = || config(&house.database_url, &[]);
    let open = async |secret: u8| {
        App::open(settings(), house.issuer.clone(), Secret::new(&[secret; 32]).expect("long enough"), Clock::default())
            .await
    };
    let wrong = match open(43).await {
        Ok(_) => panic!("another secret opened the keys"),
        Err(error) => error.to_string(),
    };
    assert!(wrong.contains("does not open") && wrong.contains("secret"), "it says what is wrong: {wrong}");
    let right = open(42).await.expect("the same secret opens them");
    right.db.close().await;
    house.close().await;
});

fn contains(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece)
}
