# Every page
error-prefix = गड़बड़ी
summary-title = कृपया इसे जाँचें
continue = आगे बढ़ें
terms = शर्तें
privacy = निजता
signed-in-as = आप { $who } के रूप में साइन इन हैं।

# Identifier
sign-in-title = साइन इन करें
create-title = अपना खाता बनाएँ
lead = हम आपको एक कोड भेजेंगे। पासवर्ड की ज़रूरत नहीं।
phone-country = देश
phone-number = मोबाइल नंबर
phone-why = हम आपके नंबर का इस्तेमाल सिर्फ़ साइन-इन कोड भेजने के लिए करते हैं।
email-address = ईमेल पता
email-why = हम आपके पते का इस्तेमाल सिर्फ़ साइन-इन कोड भेजने के लिए करते हैं।
use-phone = इसके बजाय फ़ोन नंबर इस्तेमाल करें
use-email = इसके बजाय ईमेल इस्तेमाल करें
use-other = { $name } से आगे बढ़ें
country-search = नाम या कोड से खोजें
country-found = मिले देश:
confirm-lead = हम { $to } पर एक कोड भेजेंगे। पासवर्ड की ज़रूरत नहीं।
send-code = कोड भेजें

# Passcode
passcode-title = अपना कोड डालें
sent-sms = हमने { $to } पर SMS से एक कोड भेजा है।
sent-whatsapp = हमने { $to } पर WhatsApp से एक कोड भेजा है। अपने फ़ोन पर WhatsApp देखें।
sent-telegram = हमने { $to } पर Telegram से एक कोड भेजा है। अपने फ़ोन पर Telegram देखें।
sent-voice = कोड बताने के लिए हम { $to } पर कॉल कर रहे हैं।
sent-email = हमने { $to } पर ईमेल से एक कोड भेजा है।
tried-to-send = हमने { $to } पर कोड भेजने की कोशिश की।
progress-sending = { $by ->
    [whatsapp] WhatsApp पर भेजा जा रहा है…
    [telegram] Telegram पर भेजा जा रहा है…
    [voice] आपको कॉल किया जा रहा है…
    [email] ईमेल से भेजा जा रहा है…
   *[sms] SMS से भेजा जा रहा है…
}
progress-sent = { $by ->
    [whatsapp] WhatsApp पर भेज दिया गया है।
    [telegram] Telegram पर भेज दिया गया है।
    [voice] आपका फ़ोन अभी बजेगा।
    [email] ईमेल से भेज दिया गया है।
   *[sms] SMS से भेज दिया गया है।
}
progress-delivered = { $by ->
    [whatsapp] WhatsApp पर पहुँच गया है।
    [telegram] Telegram पर पहुँच गया है।
    [voice] हमने आपको कॉल किया।
    [email] ईमेल पर पहुँच गया है।
   *[sms] SMS से पहुँच गया है।
}
progress-fell = { $from ->
    [whatsapp] WhatsApp ने इसे नहीं पहुँचाया।
    [telegram] Telegram ने इसे नहीं पहुँचाया।
    [voice] फ़ोन पर आपसे बात नहीं हो पाई।
    [email] ईमेल नहीं पहुँचा।
   *[sms] SMS नहीं पहुँचा।
} { $to ->
    [whatsapp] वही कोड अब WhatsApp पर आ रहा है।
    [telegram] वही कोड अब Telegram पर आ रहा है।
    [voice] वही कोड बताने के लिए हम आपको कॉल कर रहे हैं।
    [email] वही कोड अब ईमेल से आ रहा है।
   *[sms] वही कोड अब SMS से आ रहा है।
}
progress-undelivered = { $by ->
    [email] हम इसे पहुँचा नहीं पाए। पता जाँचें, या दूसरा तरीका चुनें।
   *[other] हम इसे पहुँचा नहीं पाए। नंबर जाँचें, या दूसरा तरीका चुनें।
}
progress-paused = SMS और कॉल कुछ देर के लिए रुके हुए हैं। दूसरा तरीका चुनें, या बाद में कोशिश करें।
progress-bad-number = { $by ->
    [email] लगता है यह पता मौजूद नहीं है। इसे जाँचें।
   *[other] लगता है यह नंबर मौजूद नहीं है। इसे जाँचें।
}
progress-opted-out = { $by ->
    [whatsapp] इस नंबर से हमें WhatsApp संदेश न भेजने को कहा गया है। दूसरा तरीका चुनें।
    [telegram] इस नंबर से हमें Telegram संदेश न भेजने को कहा गया है। दूसरा तरीका चुनें।
    [voice] इस नंबर से हमें कॉल न करने को कहा गया है। दूसरा तरीका चुनें।
    [email] इस पते से हमें ईमेल न भेजने को कहा गया है। दूसरा तरीका चुनें।
   *[sms] इस नंबर से हमें SMS न भेजने को कहा गया है। दूसरा तरीका चुनें।
}
progress-forbidden = { $by ->
    [email] हम इस पते पर कोड नहीं भेज सकते। दूसरा तरीका चुनें।
   *[other] हम इस नंबर पर इस तरीके से कोड नहीं भेज सकते। दूसरा तरीका चुनें।
}
tag-on-message = हमारे संदेश पर { $tag } लिखा है।
code-label = { $digits } अंकों का कोड
paste-code = कोड चिपकाएँ
no-code-title = कोड नहीं मिला?
no-code-spam = हो सकता है वह स्पैम फ़ोल्डर में हो।
resend = कोड फिर से भेजें
by-sms = SMS से भेजें
by-whatsapp = WhatsApp पर भेजें
by-telegram = Telegram पर भेजें
by-call = मुझे कॉल करें
resend-wait = { $seconds ->
    [one] आप { $seconds } सेकंड में फिर से माँग सकते हैं।
   *[other] आप { $seconds } सेकंड में फिर से माँग सकते हैं।
}
resend-clock = आप { $clock } में फिर से माँग सकते हैं।
resend-now = अब आप कोड फिर से माँग सकते हैं।
no-more-sends = फ़िलहाल हम इसे दोबारा नहीं भेज सकते।
another-way = दूसरा तरीका आज़माएँ
change-number = नंबर बदलें
change-address = पता बदलें
sent-again = हमने वही कोड फिर से भेजा है। हमारा कोई भी संदेश चलेगा।
code-renewed = उस कोड का समय खत्म हो गया। हमने आपको नया कोड भेजा है।

# What went wrong in a form
phone-empty = अपना मोबाइल नंबर डालें।
phone-impossible = यह नंबर सही नहीं लगता। अंक और देश जाँचें।
phone-not-mobile = हम उस नंबर पर कोड नहीं भेज सकते। मोबाइल नंबर डालें।
phone-country-not-offered = हम अभी उस देश में कोड नहीं भेज सकते। कोई और नंबर या दूसरा तरीका इस्तेमाल करें।
email-empty = अपना ईमेल पता डालें।
email-invalid = name@example.com जैसा ईमेल पता डालें।
code-empty = हमारा भेजा हुआ कोड डालें।
code-format = कोड में { $digits } अंक होने चाहिए।
code-wrong = यह कोड सही नहीं है। हमारा सबसे नया संदेश देखें।
code-wrong-last = { $left ->
    [one] यह कोड सही नहीं है। आपके पास एक कोशिश बची है।
   *[other] यह कोड सही नहीं है। आपके पास { $left } कोशिशें बची हैं।
}
code-expired = उस कोड का समय खत्म हो गया। नया कोड माँगें।
code-exhausted = वह कोड बहुत बार आज़माया गया। नया कोड माँगें।
code-unavailable = हम अभी कोड नहीं जाँच पा रहे हैं। थोड़ी देर में फिर कोशिश करें।
too-many-codes = आपने बहुत सारे कोड माँगे हैं। कुछ मिनट रुकें, या दूसरा तरीका इस्तेमाल करें।
too-many-tries = बहुत सारे गलत कोड डाले गए। एक घंटा रुकें, या दूसरा तरीका इस्तेमाल करें।
resend-too-soon = { $seconds ->
    [one] अभी थोड़ा जल्दी है। आप { $seconds } सेकंड में फिर से माँग सकते हैं।
   *[other] अभी थोड़ा जल्दी है। आप { $seconds } सेकंड में फिर से माँग सकते हैं।
}

# Where a sign-in stands
interaction-expired-title = इस साइन-इन में बहुत समय लग गया
interaction-expired-body = आपकी सुरक्षा के लिए इसे बंद कर दिया गया। फिर से शुरू करें, बस एक पल लगेगा।
interaction-foreign-title = यह साइन-इन कहीं और शुरू हुआ था
interaction-foreign-body = यह किसी दूसरे ब्राउज़र या ऐप में खोला गया था। वहाँ वापस जाएँ, या ऐप से फिर से साइन इन करें।
interaction-finished-title = यह साइन-इन पूरा हो चुका है
interaction-finished-body = आप यह पेज बंद कर सकते हैं, या ऐप पर जा सकते हैं।
interaction-unknown-title = हम इस साइन-इन को नहीं पहचानते
interaction-unknown-body = लिंक पुराना या अधूरा हो सकता है। ऐप पर वापस जाएँ और वहाँ से साइन इन करें।
start-again = फिर से शुरू करें
back-to-app = ऐप पर जाएँ

# A person’s own page
account-title = आपका खाता
account-identifiers = आप कैसे साइन इन करते हैं
account-organizations = संगठन
account-sessions = आप कहाँ साइन इन हैं
account-session-here = यह ब्राउज़र
account-session-elsewhere = कोई दूसरा ब्राउज़र
account-everywhere = हर जगह से साइन आउट करें
account-apps = पहुँच वाले ऐप
account-no-apps = किसी ऐप को आपके खाते की पहुँच नहीं है।
account-take-back = पहुँच हटाएँ
account-open-body = अपने साइन-इन और पहुँच वाले ऐप देखने के लिए आगे बढ़ें।
account-over-title = आपका खाता यहाँ नहीं खुला है
account-over-body = आपकी सुरक्षा के लिए, आपके खाते का लिंक सिर्फ़ एक बार, पाँच मिनट तक काम करता है। ऐप पर वापस जाएँ और वहीं से खोलें।
invitation-title = वह संगठन या निमंत्रण यहाँ मान्य नहीं है
invitation-body = हो सकता है निमंत्रण इस्तेमाल हो चुका हो या बहुत पुराना हो। भेजने वाले से नया लिंक माँगें।

# Errors
request-problem-title = ऐप ने कुछ ऐसा माँगा जो हम नहीं कर सकते
request-problem-body = आपकी कोई गलती नहीं है। कृपया ऐप चलाने वालों को बताएँ।
unavailable-title = हम अभी लौटते हैं
unavailable-body = इस समय साइन इन नहीं हो सकता। एक मिनट बाद फिर से कोशिश करें।
not-found-title = यहाँ कुछ नहीं है
not-found-body = पता पुराना या गलत हो सकता है।
something-broke-title = हमारी तरफ़ कुछ खराब हो गया
something-broke-body = आपकी कोई गलती नहीं है। कृपया फिर से कोशिश करें।
error-detail = डेवलपर के लिए
request-id = संदर्भ
back = वापस जाएँ

# Signing out
signed-out-title = आप साइन आउट हो गए हैं
signed-out-body = आप यह पेज बंद कर सकते हैं।
logout-title = साइन आउट करें?
logout-body = फिर से साइन इन करने के लिए आपको नया कोड चाहिए होगा।
logout-confirm = साइन आउट करें
logout-everywhere = हर जगह से साइन आउट करें
logout-stay = साइन इन रहें

# Handing over to the app
one-moment = एक पल
one-moment-body = अगर कुछ न हो, तो “आगे बढ़ें” दबाएँ।

# Calling a sign-in off, and allowing what an app asks for
cancel = रद्द करें
cancel-to-app = रद्द करें और { $app } पर वापस जाएँ
consent-title = { $app } को अपने खाते की पहुँच दें?
consent-unverified = हमें नहीं पता कि यह ऐप कौन चलाता है। तभी आगे बढ़ें जब आपको इस पर भरोसा हो।
consent-unverified-host = हमें नहीं पता कि यह ऐप कौन चलाता है। यह { $host } से है। तभी आगे बढ़ें जब आपको इस पर भरोसा हो।
consent-asks = यह ऐप चाहता है
scope-openid = आपके लौटने पर आपको पहचानना
scope-profile = आपकी प्रोफ़ाइल देखना, जैसे आपका नाम और फ़ोन नंबर
scope-email = आपका ईमेल पता देखना
scope-phone = आपका फ़ोन नंबर देखना
scope-address = आपका डाक पता देखना
scope-offline = आपके न होने पर भी यह पहुँच बनाए रखना
scope-other = “{ $name }” का उपयोग करना
scope-resource = आपकी ओर से { $name } का उपयोग करना
consent-allow = अनुमति दें
consent-deny = अनुमति न दें
consent-host = इसके बाद आप { $host } पर जाएँगे।
consent-about = इस ऐप के बारे में

# Devices without a browser of their own
device-title = डिवाइस जोड़ें
device-lead = वह कोड डालें जो आपका डिवाइस दिखा रहा है।
device-label = आपके डिवाइस पर कोड
device-hint = 8 अक्षर, जैसे WDJB‑MJHT।
device-empty = वह कोड डालें जो आपका डिवाइस दिखा रहा है।
device-wrong = यह कोड सही नहीं है या इसकी समय-सीमा समाप्त हो गई है। अपना डिवाइस देखें।
device-too-many = बहुत सारे गलत कोड डाले गए। एक घंटा रुकें, फिर दोबारा कोशिश करें।
device-code = आपके डिवाइस पर यह कोड होना चाहिए: { $code }
device-warning = तभी आगे बढ़ें जब यह कोड आपके अपने डिवाइस पर हो। अगर किसी ने इसे आपको भेजा है, तो यहीं रुकें: वह आपके खाते में पहुँच सकता है।
device-allowed-title = आपका डिवाइस जुड़ गया है
device-allowed-body = अपने डिवाइस पर वापस जाएँ। आप यह पेज बंद कर सकते हैं।
device-denied-title = आपका डिवाइस नहीं जुड़ा
device-denied-body = इसे आपके खाते से कुछ नहीं मिलेगा। आप यह पेज बंद कर सकते हैं।
device-over-title = इस कोड की समय-सीमा समाप्त हो गई है
device-over-body = अपने डिवाइस से नया कोड लें।
device-again = दूसरा कोड डालें

# Before an app opens again
success-title = आप साइन इन हो गए हैं
success-body = जारी रखने के लिए { $app } पर वापस जाएँ।
