//! `countersign apply`: what an operator declares, all of it or nothing, twice as good as once.

use crate::harness::ways::{ask, signed_in};
use crate::harness::{House, SHOP, both};
use countersign::domain::catalog::Catalog;
use countersign::flows::manage::apply::{Applied, Changes, apply};
use countersign::store;

async fn declare(house: &House, text: &str, dry_run: bool) -> Result<Changes, Vec<String>> {
    match apply(&house.app, text, &|name| Err(format!("no file {name}")), dry_run).await.expect("applies") {
        Applied::Done(changes) => Ok(changes),
        Applied::Wrong(faults) => Err(faults.iter().map(ToString::to_string).collect()),
    }
}

/// What stands in the database, as text: anything that changed would show.
async fn stored(house: &House) -> String {
    let mut tx = house.app.db.begin().await.expect("begins");
    let Catalog { revision, clients, connections, carriers, test_identifiers, .. } =
        store::catalog::list(&mut tx).await.expect("lists");
    let clients: std::collections::BTreeMap<_, _> = clients.into_iter().collect();
    format!("{revision} {clients:?} {connections:?} {carriers:?} {test_identifiers:?}")
}

const MAIL: &str = "[[carrier]]\nname = \"mail\"\nkind = \"smtp\"\nhost = \"mail.example\"\nusername = \"shop\"\npassword = \"correct horse battery\"\nfrom = \"Shop <no-reply@shop.example>\"\n";

both!(twice_is_as_good_as_once, async |engine| {
    let house = House::with(engine, "", &[]).await;
    let all = [SHOP, MAIL].concat();
    let first = declare(&house, &all, false).await.expect("good");
    for line in [
        "+ connection phone added",
        "+ connection email added",
        "+ client shop added",
        "+ client kiosk added",
        "+ carrier phone-page added",
        "+ carrier mail added",
        "+ test identifier",
    ] {
        assert_eq!(first.lines.iter().filter(|told| told.starts_with(line)).count(), 1, "{line} in {:#?}", first.lines);
    }
    let before = stored(&house).await;
    let second = declare(&house, &all, false).await.expect("good");
    assert_eq!(second, Changes::default(), "nothing to change");
    assert_eq!(stored(&house).await, before, "not even the revision");
    // Neither what is printed nor what is stored holds a secret.
    let printed = first.lines.join("\n");
    for secret in ["correct horse battery", "abcdefghijabcdefghij", "+12025550143", "000000"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
    for secret in ["correct horse battery", "abcdefghijabcdefghij"] {
        assert!(!before.contains(secret));
    }
    house.close().await;
});

both!(it_says_what_it_changes, async |engine| {
    let house = House::open(engine).await;
    let changed = SHOP
        .replace("name = \"Shop\"", "name = \"The Shop\"\naccess_token_seconds = 600")
        .replace("ladder = [\"whatsapp\", \"sms\"]", "ladder = [\"sms\"]")
        .replace("passcode = \"000000\"", "passcode = \"424242\"");
    let changes = declare(&house, &changed, false).await.expect("good");
    let told = |start: &str| {
        changes
            .lines
            .iter()
            .find(|line| line.starts_with(start))
            .unwrap_or_else(|| panic!("{start} in {:#?}", changes.lines))
            .clone()
    };
    assert_eq!(changes.lines.len(), 3, "{:#?}", changes.lines);
    let line = told("~ client shop changed: ");
    assert!(line.contains("name") && line.contains("lifetimes") && !line.contains("secret"), "{line}");
    told("~ connection phone changed");
    told("~ test identifier +120••••43 changed");
    // What runs goes by it at once.
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    assert!(page.text().contains("The Shop"), "{}", page.text());
    let page = crate::harness::rp::identify(&mut visitor, page, "+12025550143").await;
    assert!(page.text().contains("by text message"), "{}", page.text());
    let back = visitor.submit(&page, &[("p_confirmation_code", "424242")]).await;
    assert_eq!(house.machine().redeem(&back.code(), &[]).await.json()["expires_in"], 600);
    house.close().await;
});

both!(a_dry_run_changes_nothing, async |engine| {
    let house = House::open(engine).await;
    let before = stored(&house).await;
    let changed = [&SHOP.replace("name = \"Shop\"", "name = \"The Shop\""), MAIL, "[[client]]\nid = \"new\"\nname = \"New\"\nkind = \"web\"\nredirect_uris = [\"https://new.example/cb\"]\nconnections = [\"email\"]\n"].concat();
    let dry = declare(&house, &changed, true).await.expect("good");
    assert_eq!(dry.lines.len(), 3, "{:#?}", dry.lines);
    assert_eq!(stored(&house).await, before);
    assert!(house.visitor().get(&ask(&[])).await.text().contains("Shop Sign in"));
    let wet = declare(&house, &changed, false).await.expect("good");
    assert_eq!(wet.lines, dry.lines, "it said what would change");
    house.close().await;
});

both!(one_wrong_line_changes_nothing_at_all, async |engine| {
    let house = House::open(engine).await;
    let before = stored(&house).await;
    let good = SHOP.replace("name = \"Shop\"", "name = \"The Shop\"");
    let wrong = [
        "[[client]]\nid = \"x\"\nname = \"X\"\nkind = \"website\"\nredirect_uris = [\"https://x.example/cb\"]\nconnections = [\"email\"]\n",
        "[[client]]\nid = \"x\"\nname = \"X\"\nkind = \"web\"\nsecret = \"short\"\nredirect_uris = [\"https://x.example/cb\"]\nconnections = [\"email\"]\n",
        "[[client]]\nid = \"x\"\nname = \"X\"\nkind = \"web\"\nredirect_uris = [\"https://*.x.example/cb\"]\nconnections = [\"email\"]\n",
        "[[client]]\nid = \"x\"\nname = \"X\"\nkind = \"web\"\nredirect_uris = [\"https://x.example/cb#f\"]\nconnections = [\"email\"]\n",
        "[[client]]\nid = \"x\"\nname = \"X\"\nkind = \"web\"\nredirect_uris = [\"https://x.example/cb\"]\nconnections = [\"nothing\"]\n",
        "[[client]]\nid = \"shop\"\nname = \"X\"\nkind = \"web\"\nredirect_uris = [\"https://x.example/cb\"]\nconnections = [\"email\"]\n",
        "[[connection]]\nname = \"fax\"\nkind = \"fax\"\n",
        "[[connection]]\nname = \"p\"\nkind = \"phone\"\ncountries = [\"XX\"]\n",
        "[[connection]]\nname = \"p\"\nkind = \"phone\"\nladder = [\"email\"]\n",
        "[[carrier]]\nname = \"m\"\nkind = \"smtp\"\n",
        "[[test_identifier]]\nidentifier = \"+12025550144\"\npasscode = \"1\"\n",
        "[[test_identifier]]\nidentifier = \"nobody\"\npasscode = \"123456\"\n",
        "[[surprise]]\nname = \"x\"\n",
        "this is no TOML",
    ];
    for wrong in wrong {
        let faults = declare(&house, &format!("{good}\n{wrong}"), false).await.expect_err(wrong);
        assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.is_empty()), "{wrong}");
        assert_eq!(stored(&house).await, before, "{wrong}");
    }
    // All of them in one message.
    let three = format!("{good}\n{}{}{}", wrong[0], wrong[6], wrong[10]);
    assert_eq!(declare(&house, &three, false).await.expect_err("three").len(), 3);
    assert!(house.visitor().get(&ask(&[])).await.text().contains("Shop Sign in"));
    house.close().await;
});

both!(a_secret_is_made_once_and_then_shown, async |engine| {
    let house = House::open(engine).await;
    let client = "[[client]]\nid = \"shop\"\nname = \"Shop\"\nkind = \"web\"\nredirect_uris = [\"http://127.0.0.1:4000/callback\"]\nconnections = [\"phone\", \"email\"]\n";
    let new = client.replace("\"shop\"", "\"new\"");
    let changes = declare(&house, &new, false).await.expect("good");
    let [(id, secret)] = changes.made_secrets.as_slice() else { panic!("one secret: {changes:?}") };
    assert_eq!((id.as_str(), secret.len()), ("new", 52));
    assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "the only form some SDKs accept");
    assert!(!changes.lines.join("\n").contains(secret.as_str()) && !stored(&house).await.contains(secret.as_str()));
    let machine = house.machine();
    let code = async || signed_in(&mut house.visitor(), &[("client_id", "new")]).await.code();
    assert_eq!(machine.redeem(&code().await, &[("client_id", "new"), ("client_secret", secret)]).await.status, 200);

    // Declared again without one, it keeps its own and shows nothing; with one, it takes that.
    let again = declare(&house, &new.replace("\"Shop\"", "\"Newer\""), false).await.expect("good");
    assert!(again.made_secrets.is_empty() && again.lines == ["~ client new changed: name"], "{again:?}");
    assert_eq!(machine.redeem(&code().await, &[("client_id", "new"), ("client_secret", secret)]).await.status, 200);
    let given = "z".repeat(40);
    let taken =
        declare(&house, &new.replace("kind", &format!("secret = \"{given}\"\nkind")), false).await.expect("good");
    assert!(taken.made_secrets.is_empty() && taken.lines.iter().any(|line| line.contains("secret")), "{taken:?}");
    assert_eq!(machine.redeem(&code().await, &[("client_id", "new"), ("client_secret", secret)]).await.status, 401);
    assert_eq!(machine.redeem(&code().await, &[("client_id", "new"), ("client_secret", &given)]).await.status, 200);
    // The shop keeps the secret it brought.
    declare(&house, client, false).await.expect("good");
    assert_eq!(machine.redeem(&signed_in(&mut house.visitor(), &[]).await.code(), &[]).await.status, 200);
    // A client in a browser has none.
    let public = "[[client]]\nid = \"page\"\nname = \"Page\"\nkind = \"spa\"\nredirect_uris = [\"https://page.example/\"]\nconnections = [\"email\"]\n";
    assert!(declare(&house, public, false).await.expect("good").made_secrets.is_empty());
    house.close().await;
});

both!(a_connection_keeps_its_id, async |engine| {
    let house = House::open(engine).await;
    let id = || house.app.live().catalog.connection("phone").expect("declared").id.to_string();
    let before = id();
    assert!(
        before
            .strip_prefix("conn_")
            .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
    );
    declare(&house, "[[connection]]\nname = \"phone\"\nkind = \"phone\"\nladder = [\"voice\"]\n", false)
        .await
        .expect("good");
    assert_eq!(id(), before);
    assert!(house.visitor().get(&ask(&[("connection_id", &before)])).await.html.contains("p_phone"));
    // Switched off, it is no way in any more; switched on again, it is the one it was.
    declare(&house, "[[connection]]\nname = \"phone\"\nkind = \"phone\"\nenabled = false\n", false)
        .await
        .expect("good");
    let page = house.visitor().get(&ask(&[("connection_id", &before)])).await;
    assert!(page.asks_who() && page.html.contains("p_email") && !page.html.contains("p_phone"), "{}", page.text());
    declare(&house, "[[connection]]\nname = \"phone\"\nkind = \"phone\"\n", false).await.expect("good");
    assert_eq!(id(), before);
    house.close().await;
});

both!(the_order_of_carriers_is_the_order_they_are_tried_in, async |engine| {
    let house = House::open(engine).await;
    let phone = "[[carrier]]\nname = \"phone-page\"\nkind = \"dev_phone\"\n";
    let names =
        || house.app.live().catalog.carriers.iter().map(|sealed| sealed.carrier.name.clone()).collect::<Vec<_>>();
    declare(&house, &[phone, MAIL].concat(), false).await.expect("good");
    assert_eq!(names(), ["phone-page", "mail"]);
    let changes = declare(&house, &[MAIL, phone].concat(), false).await.expect("good");
    assert_eq!(names(), ["mail", "phone-page"]);
    assert!(!changes.lines.is_empty(), "and it says so");
    assert_eq!(declare(&house, &[MAIL, phone].concat(), false).await.expect("good"), Changes::default());
    // One of them alone says nothing of the order.
    assert_eq!(declare(&house, phone, false).await.expect("good"), Changes::default());
    assert_eq!(names(), ["mail", "phone-page"]);
    house.close().await;
});

both!(with_every_way_in_switched_off_the_page_says_so, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let mut known = house.visitor();
    signed_in(&mut known, &[]).await.code();
    let off = "[[connection]]\nname = \"phone\"\nkind = \"phone\"\nenabled = false\n\n[[connection]]\nname = \"email\"\nkind = \"email\"\nenabled = false\n";
    declare(&house, off, false).await.expect("good");
    let pages = [
        visitor.get(&ask(&[])).await,
        visitor.get(&page.url).await,
        visitor.submit(&page, &[("p_phone", "+2348031234567")]).await,
    ];
    for page in pages {
        assert_eq!(page.status, 400, "{}", page.text());
        assert!(page.text().contains("None of the connections") && page.text().contains("Shop"), "{}", page.text());
    }
    // Whoever is signed in needs no way in.
    known.get(&ask(&[])).await.code();
    assert_eq!(visitor.get(&ask(&[("prompt", "none")])).await.error().as_deref(), Some("login_required"));
    assert!(house.app.phone.messages(None).is_empty());
    house.close().await;
});
