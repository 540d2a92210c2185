# Every page
error-prefix = Hitilafu
summary-title = Tafadhali angalia hili
continue = Endelea
terms = Masharti
privacy = Faragha
signed-in-as = Umeingia kama { $who }.

# Identifier
sign-in-title = Ingia
create-title = Fungua akaunti yako
lead = Tutakutumia msimbo. Hakuna nenosiri.
phone-country = Nchi
phone-number = Namba ya simu ya mkononi
phone-why = Tunatumia namba yako kutuma misimbo ya kuingia tu.
email-address = Barua pepe
email-why = Tunatumia anwani yako kutuma misimbo ya kuingia tu.
use-phone = Tumia namba ya simu badala yake
use-email = Tumia barua pepe badala yake
use-other = Endelea kwa { $name }
country-search = Tafuta kwa jina au msimbo
country-found = Nchi zilizopatikana:
confirm-lead = Tutatuma msimbo kwa { $to }. Hakuna nenosiri.
send-code = Tuma msimbo

# Passcode
passcode-title = Weka msimbo wako
sent-sms = Tumetuma msimbo kwa SMS kwenda { $to }.
sent-whatsapp = Tumetuma msimbo kwa WhatsApp kwenda { $to }. Angalia WhatsApp kwenye simu yako.
sent-telegram = Tumetuma msimbo kwa Telegram kwenda { $to }. Angalia Telegram kwenye simu yako.
sent-voice = Tunapiga simu { $to } kukutajia msimbo.
sent-email = Tumetuma msimbo kwa barua pepe kwenda { $to }.
tried-to-send = Tumejaribu kutuma msimbo kwenda { $to }.
progress-sending = { $by ->
    [whatsapp] Tunautuma kwa WhatsApp…
    [telegram] Tunautuma kwa Telegram…
    [voice] Tunakupigia simu…
    [email] Tunautuma kwa barua pepe…
   *[sms] Tunautuma kwa SMS…
}
progress-sent = { $by ->
    [whatsapp] Umetumwa kwa WhatsApp.
    [telegram] Umetumwa kwa Telegram.
    [voice] Simu yako italia sasa hivi.
    [email] Umetumwa kwa barua pepe.
   *[sms] Umetumwa kwa SMS.
}
progress-delivered = { $by ->
    [whatsapp] Umefika kwa WhatsApp.
    [telegram] Umefika kwa Telegram.
    [voice] Tumekupigia simu.
    [email] Umefika kwa barua pepe.
   *[sms] Umefika kwa SMS.
}
progress-fell = { $from ->
    [whatsapp] WhatsApp haijaufikisha.
    [telegram] Telegram haijaufikisha.
    [voice] Hatukukupata kwa simu.
    [email] Barua pepe haijafika.
   *[sms] SMS haijafika.
} { $to ->
    [whatsapp] Msimbo uleule uko njiani kwa WhatsApp.
    [telegram] Msimbo uleule uko njiani kwa Telegram.
    [voice] Tunakupigia simu kukutajia msimbo uleule.
    [email] Msimbo uleule uko njiani kwa barua pepe.
   *[sms] Msimbo uleule uko njiani kwa SMS.
}
progress-undelivered = { $by ->
    [email] Hatukuweza kuufikisha. Angalia anwani, au chagua njia nyingine.
   *[other] Hatukuweza kuufikisha. Angalia namba, au chagua njia nyingine.
}
progress-paused = SMS na simu zimesitishwa kwa muda. Chagua njia nyingine, au jaribu tena baadaye.
progress-bad-number = { $by ->
    [email] Anwani hiyo haionekani kuwepo. Iangalie.
   *[other] Namba hiyo haionekani kuwepo. Iangalie.
}
progress-opted-out = { $by ->
    [whatsapp] Namba hii ilituomba tuache kutuma ujumbe wa WhatsApp. Chagua njia nyingine.
    [telegram] Namba hii ilituomba tuache kutuma ujumbe wa Telegram. Chagua njia nyingine.
    [voice] Namba hii ilituomba tuache kupiga simu. Chagua njia nyingine.
    [email] Anwani hii ilituomba tuache kutuma barua pepe. Chagua njia nyingine.
   *[sms] Namba hii ilituomba tuache kutuma SMS. Chagua njia nyingine.
}
progress-forbidden = { $by ->
    [email] Hatuwezi kutuma msimbo kwa anwani hii. Chagua njia nyingine.
   *[other] Hatuwezi kutuma msimbo kwa namba hii kwa njia hii. Chagua njia nyingine.
}
tag-on-message = Ujumbe wetu una alama { $tag }.
code-label = Msimbo wa tarakimu { $digits }
paste-code = Bandika msimbo
no-code-title = Bado hujapata msimbo?
no-code-spam = Huenda uko kwenye folda ya barua taka.
resend = Tuma msimbo tena
by-sms = Tuma kwa SMS badala yake
by-whatsapp = Tuma kwa WhatsApp badala yake
by-telegram = Tuma kwa Telegram badala yake
by-call = Nipigie simu
resend-wait = { $seconds ->
    [one] Unaweza kuomba tena baada ya sekunde { $seconds }.
   *[other] Unaweza kuomba tena baada ya sekunde { $seconds }.
}
resend-clock = Unaweza kuomba tena baada ya { $clock }.
resend-now = Sasa unaweza kuomba msimbo tena.
no-more-sends = Kwa sasa hatuwezi kuutuma tena.
another-way = Jaribu njia nyingine
change-number = Badilisha namba
change-address = Badilisha anwani
sent-again = Tumetuma msimbo uleule tena. Ujumbe wetu wowote unafaa.
code-renewed = Muda wa msimbo huo umeisha. Tumekutumia mpya.

# What went wrong in a form
phone-empty = Weka namba yako ya simu ya mkononi.
phone-impossible = Namba hiyo haionekani kuwa sahihi. Angalia tarakimu na nchi.
phone-not-mobile = Hatuwezi kutuma msimbo kwa namba hiyo. Weka namba ya simu ya mkononi.
phone-country-not-offered = Bado hatuwezi kutuma misimbo kwenye nchi hiyo. Tumia namba nyingine au njia nyingine.
email-empty = Weka anwani yako ya barua pepe.
email-invalid = Weka barua pepe kama jina@example.com.
code-empty = Weka msimbo tuliokutumia.
code-format = Msimbo lazima uwe na tarakimu { $digits }.
code-wrong = Msimbo huo si sahihi. Angalia ujumbe wetu wa karibuni.
code-wrong-last = { $left ->
    [one] Msimbo huo si sahihi. Umebakiwa na jaribio moja.
   *[other] Msimbo huo si sahihi. Umebakiwa na majaribio { $left }.
}
code-expired = Muda wa msimbo huo umeisha. Omba mpya.
code-exhausted = Msimbo huo umejaribiwa mara nyingi mno. Omba mpya.
code-unavailable = Kwa sasa hatuwezi kukagua misimbo. Jaribu tena baada ya muda mfupi.
too-many-codes = Umeomba misimbo mingi mno. Subiri dakika chache, au tumia njia nyingine.
too-many-tries = Misimbo mingi mno haikuwa sahihi. Subiri saa moja, au tumia njia nyingine.
resend-too-soon = { $seconds ->
    [one] Bado ni mapema. Unaweza kuomba tena baada ya sekunde { $seconds }.
   *[other] Bado ni mapema. Unaweza kuomba tena baada ya sekunde { $seconds }.
}

# Where a sign-in stands
interaction-expired-title = Kuingia huku kumechukua muda mrefu mno
interaction-expired-body = Kwa usalama wako kumesitishwa. Anza upya, ni muda mfupi tu.
interaction-foreign-title = Kuingia huku kulianzia mahali pengine
interaction-foreign-body = Kulifunguliwa kwenye kivinjari au programu nyingine. Rudi huko, au rudi kwenye programu na uingie kutoka huko.
interaction-finished-title = Kuingia huku kumekamilika
interaction-finished-body = Unaweza kufunga ukurasa huu, au kwenda kwenye programu.
interaction-unknown-title = Hatukutambui kuingia huku
interaction-unknown-body = Huenda kiungo ni cha zamani au hakijakamilika. Rudi kwenye programu na uingie kutoka huko.
start-again = Anza upya
back-to-app = Nenda kwenye programu

# A person’s own page
account-title = Akaunti yako
account-identifiers = Jinsi unavyoingia
account-organizations = Mashirika
account-sessions = Mahali ulipoingia
account-session-here = Kivinjari hiki
account-session-elsewhere = Kivinjari kingine
account-everywhere = Toka kila mahali
account-apps = Programu zenye ufikiaji
account-no-apps = Hakuna programu yenye ufikiaji wa akaunti yako.
account-take-back = Ondoa ufikiaji
account-open-body = Endelea kuona mahali ulipoingia na programu zenye ufikiaji.
account-over-title = Akaunti yako haijafunguliwa hapa
account-over-body = Kwa usalama wako, kiungo cha akaunti yako hufanya kazi mara moja tu, kwa dakika tano. Rudi kwenye programu uifungue kutoka huko.
invitation-title = Shirika au mwaliko huo hautumiki hapa
invitation-body = Huenda mwaliko umeshatumika au ni wa zamani. Omba kiungo kipya kwa aliyekutumia.

# Errors
request-problem-title = Programu imeomba jambo tusiloweza kufanya
request-problem-body = Hukukosea chochote. Tafadhali waarifu wanaoendesha programu.
unavailable-title = Tutarudi punde
unavailable-body = Kwa sasa haiwezekani kuingia. Tafadhali jaribu tena baada ya dakika moja.
not-found-title = Hakuna kitu hapa
not-found-body = Huenda anwani ni ya zamani au imeandikwa vibaya.
something-broke-title = Kuna kitu kimeharibika upande wetu
something-broke-body = Si kosa lako. Tafadhali jaribu tena.
error-detail = Kwa wasanidi programu
request-id = Rejea
back = Rudi

# Signing out
signed-out-title = Umetoka
signed-out-body = Unaweza kufunga ukurasa huu.
logout-title = Ungependa kutoka?
logout-body = Utahitaji msimbo mpya ili kuingia tena.
logout-confirm = Toka
logout-everywhere = Toka kila mahali
logout-stay = Usitoke

# Handing over to the app
one-moment = Subiri kidogo
one-moment-body = Kama hakuna kinachotokea, bonyeza “Endelea”.

# Calling a sign-in off, and allowing what an app asks for
cancel = Ghairi
cancel-to-app = Ghairi na urudi kwenye { $app }
consent-title = Ipe { $app } ufikiaji wa akaunti yako?
consent-unverified = Hatujui nani anaendesha programu hii. Endelea tu ikiwa unaiamini.
consent-unverified-host = Hatujui nani anaendesha programu hii. Inatoka kwenye { $host }. Endelea tu ikiwa unaiamini.
consent-asks = Programu hii ingependa
scope-openid = Kukutambua unaporudi
scope-profile = Kuona wasifu wako, kama jina na namba yako ya simu
scope-email = Kuona anwani yako ya barua pepe
scope-phone = Kuona namba yako ya simu
scope-address = Kuona anwani yako ya posta
scope-offline = Kubaki na ruhusa hii wakati haupo
scope-other = Kutumia “{ $name }”
scope-resource = Kutumia { $name } kwa niaba yako
consent-allow = Ruhusu
consent-deny = Usiruhusu
consent-host = Kisha utaenda kwenye { $host }.
consent-about = Kuhusu programu hii

# Devices without a browser of their own
device-title = Unganisha kifaa
device-lead = Weka msimbo unaoonyeshwa na kifaa chako.
device-label = Msimbo kwenye kifaa chako
device-hint = Herufi 8, kama WDJB‑MJHT.
device-empty = Weka msimbo unaoonyeshwa na kifaa chako.
device-wrong = Msimbo huo si sahihi, au muda wake umeisha. Angalia kifaa chako.
device-too-many = Kulikuwa na misimbo mingi isiyo sahihi. Subiri saa moja, kisha ujaribu tena.
device-code = Kifaa chako lazima kionyeshe msimbo huu: { $code }
device-warning = Endelea tu ikiwa msimbo huu uko kwenye kifaa chako mwenyewe. Ikiwa mtu amekutumia, acha hapa: anaweza kuingia kwenye akaunti yako.
device-allowed-title = Kifaa chako kimeunganishwa
device-allowed-body = Rudi kwenye kifaa chako. Unaweza kufunga ukurasa huu.
device-denied-title = Kifaa chako hakikuunganishwa
device-denied-body = Hakipati chochote kutoka kwenye akaunti yako. Unaweza kufunga ukurasa huu.
device-over-title = Muda wa msimbo huu umeisha
device-over-body = Omba mpya kwenye kifaa chako.
device-again = Weka msimbo mwingine

# Before an app opens again
success-title = Umeingia
success-body = Rudi kwenye { $app } ili uendelee.
