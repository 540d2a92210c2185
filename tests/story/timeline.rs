//! What an operator reads afterwards: the story of a sign-in, what the doctor finds, what `/health/ready` says.

use crate::harness::rp::identify;
use crate::harness::{House, SHOP, both};
use countersign::domain::audit::By;
use countersign::domain::identifier::Identifier;
use countersign::flows::doctor;
use countersign::flows::manage::carriers;
use countersign::flows::timeline::{Story, of_identifier, of_interaction};

const NUMBER: &str = "+2348031234567";

fn number() -> Identifier {
    Identifier::phone(NUMBER, None).expect("a number")
}

fn texts(story: &Story) -> Vec<&str> {
    story.lines.iter().map(|line| line.text.as_str()).collect()
}

both!(a_sign_in_leaves_its_story, async |engine| {
    let house = House::open(engine).await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let begun = shop.begin(&["openid"], &[]);
    let page = visitor.get(&begun.url).await;
    let page = identify(&mut visitor, page, NUMBER).await;
    let passcode = house.passcode(NUMBER).await;
    house.settle().await;
    house.pass(3);
    let wrong = if passcode == "123456" { "654321" } else { "123456" };
    let page = visitor.submit(&page, &[("p_confirmation_code", wrong)]).await;
    house.pass(2);
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    shop.finish(begun, &back).await;
    let stories = of_identifier(&house.app, &number()).await.expect("tells");
    let [story] = stories.as_slice() else { panic!("{} stories", stories.len()) };
    let told = texts(story);
    let kinds = [
        "sign-in page shown for shop",
        "passcode asked for by +234••••67 (phone)",
        "to be sent by whatsapp",
        "taken by phone-page for whatsapp",
        "wrong digits typed",
        "passcode typed, right",
        "answered: back to the app",
        "authorization code given",
        "token issued",
    ];
    let mut rest = told.iter();
    for kind in kinds {
        assert!(rest.any(|line| line.starts_with(kind)), "{kind}, in this order, in {told:#?}");
    }
    assert!(story.lines.is_sorted_by_key(|line| line.at));
    let all = told.join("\n");
    assert!(!all.contains(&passcode) && !all.contains(wrong) && !all.contains("8031234"), "{all}");
    // By its own id it is the same story.
    let id = story.interaction.id.as_str().to_owned();
    let again = of_interaction(&house.app, &id).await.expect("tells").expect("known");
    assert_eq!(texts(&again), told);
    assert!(of_interaction(&house.app, "in_nobody").await.expect("tells").is_none());
    house.close().await;
});

both!(a_refusal_and_the_next_rung_are_told, async |engine| {
    // A gateway that nobody answers at, on the first rung alone.
    let gone = "[[carrier]]\nname = \"gone\"\nkind = \"webhook\"\nurl = \"http://127.0.0.1:9/\"\nallow_private = true\n\
        channels = [\"whatsapp\"]\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n";
    let rung = "[[connection.rung]]\nchannel = \"whatsapp\"\ncarriers = [\"gone\"]\n\n[[connection]]\nname = \"email\"";
    let declared = format!("{gone}{}", SHOP.replacen("[[connection]]\nname = \"email\"", rung, 1));
    let house = House::with(engine, &declared, &[]).await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let begun = shop.begin(&["openid"], &[]);
    let page = visitor.get(&begun.url).await;
    let page = identify(&mut visitor, page, NUMBER).await;
    house.pass(5);
    let message = house.message(NUMBER).await;
    assert_eq!(message.channel.as_str(), "sms");
    house.settle().await;
    let stories = of_identifier(&house.app, &number()).await.expect("tells");
    let told = texts(&stories[0]).join("\n");
    for line in [
        "whatsapp refused by gone with not_reached",
        "next rung after whatsapp (not_reached): sms",
        "taken by phone-page for sms",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
    let back = visitor.submit(&page, &[("p_confirmation_code", &crate::harness::digits(&message.text))]).await;
    shop.finish(begun, &back).await;
    house.close().await;
});

both!(the_doctor_names_what_is_wrong, async |engine| {
    let more = "\n[[connection]]\nname = \"nobody\"\nkind = \"phone\"\nladder = [\"telegram\"]\n\n[[cap]]\nper = \"hour\"\nmost = \"5\"\n";
    let declared = SHOP.replace("kind = \"dev_phone\"", "kind = \"dev_phone\"\nenabled = false") + more;
    let house = House::with(engine, &declared, &[]).await;
    let found = doctor::examine(&house.app).await.expect("examines");
    let of = |name: &str| found.iter().find(|one| one.carrier == name).unwrap_or_else(|| panic!("nothing of {name}"));
    assert!(of("nobody").findings.iter().any(|finding| !finding.good && finding.text.contains("telegram: no carrier")));
    assert!(of("caps").findings.iter().any(|finding| finding.good && finding.text.contains("0.00 of 5.00 USD spent")));
    house.close().await;
});

both!(a_test_message_goes_out_and_opens_nothing, async |engine| {
    let house = House::open(engine).await;
    let test = async |carrier: &str| {
        carriers::test(&house.app, &By::command(), carrier, &number(), None, None).await.expect("no fault").ok()
    };
    let said = test("phone-page").await.expect("tried").said.expect("sends");
    assert!(said.contains("whatsapp") && said.contains("delivered") && !said.contains("8031234"), "{said}");
    assert_eq!(house.message(NUMBER).await.from, "Countersign");
    assert!(test("nobody").await.is_none());
    assert!(of_identifier(&house.app, &number()).await.expect("tells").is_empty());
    house.close().await;
});

both!(ready_names_a_carrier_that_refuses_us, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    assert_eq!(machine.get("/health/ready").await.text("status"), "ready");
    house.app.health.refused("phone-page", Some("401 wrong token"));
    let answer = machine.get("/health/ready").await;
    assert_eq!((answer.status, answer.text("status").as_str()), (200, "degraded"));
    assert_eq!(answer.json()["carriers"]["phone-page"], "refused");
    assert!(!answer.json().to_string().contains("wrong token"), "why is for operators");
    house.app.health.refused("phone-page", None);
    assert_eq!(machine.get("/health/ready").await.text("status"), "ready");
    house.close().await;
});

async fn told_of(house: &House, page: &crate::harness::Page) -> String {
    let id = page.url.split("interaction=").nth(1).and_then(|rest| rest.split('&').next()).expect("an interaction");
    let story = of_interaction(&house.app, id).await.expect("tells").expect("known");
    texts(&story).join("\n")
}

both!(a_no_is_told_and_so_is_a_refusal, async |engine| {
    let house = crate::consent::house(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&crate::consent::asks(&[])).await;
    let page = crate::harness::ways::prove(&mut visitor, page).await;
    let back = visitor.submit(&page, &[("p_decision", "deny")]).await;
    assert_eq!(back.error().as_deref(), Some("access_denied"));
    let told = told_of(&house, &page).await;
    for line in ["passcode typed, right", "the person said no", "answered: back to the app, with an error"] {
        assert!(told.contains(line), "{line} in {told}");
    }
    assert!(!told.contains("code given"), "{told}");
    // Called off before anybody proved anything.
    let mut visitor = house.visitor();
    let page = visitor.get(&crate::harness::ways::ask(&[])).await;
    visitor.submit(&page, &[("deny", "")]).await;
    let told = told_of(&house, &page).await;
    assert!(told.contains("the person said no") && !told.contains("passcode"), "{told}");
    house.close().await;
});

both!(a_devices_sign_in_is_told_as_one, async |engine| {
    let house = crate::device::house(engine).await;
    let machine = house.machine();
    for (decision, lines) in [
        ("allow", ["answered: the device may go on", "tokens granted to the device"]),
        ("deny", ["the person said no", "answered: the device gets nothing"]),
    ] {
        let device = crate::device::Device::begin(&machine, &[]).await;
        let mut visitor = house.visitor();
        let page = crate::device::to_consent(&mut visitor, &device.letters).await;
        visitor.submit(&page, &[("p_decision", decision)]).await;
        let told = told_of(&house, &page).await;
        for line in ["code of a device typed, of tv"].iter().chain(&lines) {
            assert!(told.contains(line), "{line} in {told}");
        }
        assert!(!told.contains("back to the app") && !told.contains("authorization code"), "{told}");
    }
    // Too late is neither.
    let device = crate::device::Device::begin(&machine, &[]).await;
    let mut visitor = house.visitor();
    let page = crate::device::to_consent(&mut visitor, &device.letters).await;
    house.pass(600);
    visitor.submit(&page, &[("p_decision", "allow")]).await;
    let told = told_of(&house, &page).await;
    assert!(told.contains("nothing given: the device's code had expired"), "{told}");
    house.close().await;
});
