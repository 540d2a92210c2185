//! From rung to rung: refused, reported undeliverable, or not heard of; the same digits each time, and never one message more.

use crate::fake::{Report, Way, Why};
use crate::harness::both;
use crate::scene::{Scene, same};

both!(delivered_is_the_end_of_it, async |engine| {
    let scene = Scene::open(engine).await;
    let mut person = scene.asks("+2348031230001").await;
    scene.stands(&person, &["whatsapp sent delivered -"]).await;
    scene.house.pass(200);
    let digits = same(&scene.only(&person, &["whatsapp"]).await);
    person.signs_in(&digits).await;
    scene.close().await;
});

both!(refused_at_once_the_next_rung_carries_the_same_digits, async |engine| {
    let scene = Scene::open(engine).await;
    scene.fake.set("meta", Way::Refuse(Why::Unreachable));
    let mut person = scene.asks("+2348031230001").await;
    scene.fake.messages(&person.number, 1).await;
    let taken = scene.only(&person, &["sms"]).await;
    assert_eq!(scene.fake.asked(&person.number).len(), 2);
    assert_eq!(scene.fake.asked(&person.number)[0].digits, taken[0].digits);
    let attempts = scene.attempts(&person).await;
    assert_eq!(
        attempts.iter().map(|one| (one.state.as_str(), one.fell)).collect::<Vec<_>>(),
        [("failed", false), ("sent", true)]
    );
    assert!(attempts[0].code.is_some() && attempts[0].carrier.as_deref() == Some("meta"));
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(a_receipt_that_says_undeliverable_climbs, async |engine| {
    let scene = Scene::open(engine).await;
    // Not on WhatsApp: accepted first, refused by receipt. The SMS arrives.
    let mut person = scene.asks("+2348031230002").await;
    scene.fake.messages(&person.number, 2).await;
    let taken = scene.only(&person, &["whatsapp", "sms"]).await;
    scene.fake.until("receipts came", || scene.fake.state().answers.len() == 2).await;
    let story = scene.story(&person).await;
    assert!(story[0].starts_with("whatsapp sent undelivered "), "{story:?}");
    assert_eq!(story[1], "sms sent delivered -");
    scene.house.pass(120);
    scene.only(&person, &["whatsapp", "sms"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(every_rung_may_fail_and_the_page_says_so, async |engine| {
    let scene = Scene::open(engine).await;
    let mut person = scene.asks("+2348031230007").await;
    scene.fake.messages(&person.number, 3).await;
    scene.fake.until("receipts came", || scene.fake.state().answers.len() == 3).await;
    let taken = scene.only(&person, &["whatsapp", "sms", "voice"]).await;
    assert!(scene.story(&person).await.iter().all(|one| one.contains(" sent undelivered ")));
    scene.house.pass(100);
    scene.only(&person, &["whatsapp", "sms", "voice"]).await;
    let page = person.reloads().await;
    assert!(page.asks_digits() && page.status == 200, "{}", page.text());
    // They may be wrong, all three of them.
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(silence_climbs_after_its_wait_and_not_before, async |engine| {
    let scene = Scene::open(engine).await;
    let mut person = scene.asks("+2348031230003").await;
    scene.stands(&person, &["whatsapp sent accepted -"]).await;
    scene.house.pass(18);
    scene.only(&person, &["whatsapp"]).await;
    scene.house.pass(2);
    scene.fake.messages(&person.number, 2).await;
    scene.house.settle().await;
    scene.house.pass(38);
    scene.only(&person, &["whatsapp", "sms"]).await;
    scene.house.pass(2);
    scene.fake.messages(&person.number, 3).await;
    scene.house.settle().await;
    scene.house.pass(100);
    let taken = scene.only(&person, &["whatsapp", "sms", "voice"]).await;
    let fell: Vec<bool> = scene.attempts(&person).await.iter().map(|one| one.fell).collect();
    assert_eq!(fell, [false, true, true]);
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(sent_is_not_delivered, async |engine| {
    let scene = Scene::open(engine).await;
    let person = scene.asks("+2348031230005").await;
    let first = scene.fake.messages(&person.number, 1).await.remove(0);
    scene.house.settle().await;
    assert_eq!(scene.fake.report(&first, Report::Sent).await, 200);
    scene.stands(&person, &["whatsapp sent sent -"]).await;
    scene.house.pass(21);
    scene.fake.messages(&person.number, 2).await;
    scene.only(&person, &["whatsapp", "sms"]).await;
    scene.close().await;
});

both!(late_word_of_delivery_changes_the_record_alone, async |engine| {
    let scene = Scene::open(engine).await;
    let mut person = scene.asks("+2348031230005").await;
    scene.fake.messages(&person.number, 1).await;
    scene.house.settle().await;
    scene.house.pass(21);
    let taken = scene.fake.messages(&person.number, 2).await;
    scene.house.settle().await;
    assert_eq!(scene.fake.report(&taken[0], Report::Delivered).await, 200);
    scene.stands(&person, &["whatsapp sent delivered -", "sms sent accepted -"]).await;
    assert_eq!(scene.fake.report(&taken[1], Report::Delivered).await, 200);
    scene.stands(&person, &["whatsapp sent delivered -", "sms sent delivered -"]).await;
    scene.house.pass(200);
    let taken = scene.only(&person, &["whatsapp", "sms"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

// The person has the WhatsApp message after all, whatever becomes of the SMS: nobody needs to be called.
both!(delivered_late_on_one_rung_stops_the_others, async |engine| {
    let scene = Scene::open(engine).await;
    let person = scene.asks("+2348031230005").await;
    scene.fake.messages(&person.number, 1).await;
    scene.house.settle().await;
    scene.house.pass(21);
    let taken = scene.fake.messages(&person.number, 2).await;
    scene.house.settle().await;
    assert_eq!(scene.fake.report(&taken[0], Report::Delivered).await, 200);
    scene.stands(&person, &["whatsapp sent delivered -", "sms sent accepted -"]).await;
    scene.house.pass(41);
    scene.only(&person, &["whatsapp", "sms"]).await;
    scene.close().await;
});

both!(once_used_receipts_change_the_record_alone, async |engine| {
    let scene = Scene::open(engine).await;
    for (number, report, wanted) in [
        ("+2348031239001", Report::Delivered, "whatsapp sent delivered"),
        ("+2348031239002", Report::Undelivered(Why::Unreachable), "whatsapp sent undelivered"),
        ("+2348031239003", Report::Undelivered(Why::Policy), "whatsapp sent undelivered"),
    ] {
        let mut person = scene.asks(number).await;
        let first = scene.fake.messages(number, 1).await.remove(0);
        scene.house.settle().await;
        person.signs_in(&first.digits).await;
        assert_eq!(scene.fake.report(&first, report).await, 200);
        let story = scene.story(&person).await;
        assert!(story.len() == 1 && story[0].starts_with(wanted), "{story:?}");
        scene.house.pass(30);
        scene.only(&person, &["whatsapp"]).await;
    }
    scene.close().await;
});

both!(once_used_nothing_that_waits_is_sent, async |engine| {
    let scene = Scene::open(engine).await;
    // WhatsApp has it, silence makes it fall, and the SMS carrier is too busy just then.
    scene.fake.set("twilio", Way::Busy(Some(5)));
    let mut person = scene.asks("+2348031230003").await;
    let first = scene.fake.messages(&person.number, 1).await.remove(0);
    scene.house.settle().await;
    scene.house.pass(21);
    scene.fake.requests(&person.number, 2).await;
    person.signs_in(&first.digits).await;
    scene.fake.set("twilio", Way::Accept);
    scene.house.pass(10);
    scene.only(&person, &["whatsapp"]).await;
    scene.close().await;
});

both!(after_its_end_a_passcode_climbs_no_more, async |engine| {
    let scene = Scene::open(engine).await;
    let person = scene.asks("+2348031230005").await;
    let first = scene.fake.messages(&person.number, 1).await.remove(0);
    scene.house.settle().await;
    scene.house.pass(301);
    scene.only(&person, &["whatsapp"]).await;
    assert_eq!(scene.fake.report(&first, Report::Undelivered(Why::Unreachable)).await, 200);
    scene.only(&person, &["whatsapp"]).await;
    scene.close().await;
});

both!(given_up_for_another_number_it_climbs_no_more, async |engine| {
    let scene = Scene::open(engine).await;
    let mut person = scene.asks("+2348031230003").await;
    scene.fake.messages(&person.number, 1).await;
    scene.house.settle().await;
    let form = person.visitor.get(&person.page.link_called("Change the number")).await;
    let page = person.visitor.submit(&form, &[("p_phone", "+2348031239001")]).await;
    assert!(page.asks_digits(), "{}", page.text());
    scene.fake.messages("+2348031239001", 1).await;
    scene.house.settle().await;
    scene.house.pass(21);
    scene.only(&person, &["whatsapp"]).await;
    assert_eq!(scene.fake.channels("+2348031239001"), ["whatsapp", "sms"]);
    scene.house.pass(100);
    scene.look().await;
    let taken = scene.fake.taken("+2348031239001");
    assert_ne!(same(&taken), scene.fake.taken(&person.number)[0].digits);
    scene.close().await;
});
