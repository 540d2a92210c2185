# Every page
error-prefix = Error
summary-title = Please check this
continue = Continue
terms = Terms
privacy = Privacy
signed-in-as = You are signed in as { $who }.

# Identifier
sign-in-title = Sign in
create-title = Create your account
lead = We’ll send you a code. No password needed.
phone-country = Country
phone-number = Mobile number
phone-why = We use your number only to send sign-in codes.
email-address = E-mail address
email-why = We use your address only to send sign-in codes.
use-phone = Use a phone number instead
use-email = Use e-mail instead
use-other = Continue with { $name }
country-search = Search by name or code
country-found = Countries found:
confirm-lead = We’ll send a code to { $to }. No password needed.
send-code = Send the code

# Passcode
passcode-title = Enter your code
sent-sms = We sent a code by text message to { $to }.
sent-whatsapp = We sent a code on WhatsApp to { $to }. Check WhatsApp on your phone.
sent-telegram = We sent a code on Telegram to { $to }. Check Telegram on your phone.
sent-voice = We are calling { $to } to tell you a code.
sent-email = We sent a code by e-mail to { $to }.
tried-to-send = We tried to send a code to { $to }.
progress-sending = { $by ->
    [whatsapp] Sending it on WhatsApp…
    [telegram] Sending it on Telegram…
    [voice] Calling you…
    [email] Sending it by e-mail…
   *[sms] Sending it by text message…
}
progress-sent = { $by ->
    [whatsapp] Sent on WhatsApp.
    [telegram] Sent on Telegram.
    [voice] Your phone should ring any moment.
    [email] Sent by e-mail.
   *[sms] Sent by text message.
}
progress-delivered = { $by ->
    [whatsapp] Delivered on WhatsApp.
    [telegram] Delivered on Telegram.
    [voice] We called you.
    [email] Delivered by e-mail.
   *[sms] Delivered by text message.
}
progress-fell = { $from ->
    [whatsapp] WhatsApp hasn’t delivered it.
    [telegram] Telegram hasn’t delivered it.
    [voice] We couldn’t reach you by phone.
    [email] The e-mail hasn’t arrived.
   *[sms] The text message hasn’t arrived.
} { $to ->
    [whatsapp] The same code is on its way on WhatsApp.
    [telegram] The same code is on its way on Telegram.
    [voice] We’re calling you with the same code.
    [email] The same code is on its way by e-mail.
   *[sms] The same code is on its way by text message.
}
progress-undelivered = { $by ->
    [email] We couldn’t deliver it. Check the address, or choose another way.
   *[other] We couldn’t deliver it. Check the number, or choose another way.
}
progress-paused = Text messages and calls are paused for a while. Choose another way, or try again later.
progress-bad-number = { $by ->
    [email] That address doesn’t seem to exist. Check it.
   *[other] That number doesn’t seem to exist. Check it.
}
progress-opted-out = { $by ->
    [whatsapp] This number asked us to stop sending WhatsApp messages. Choose another way.
    [telegram] This number asked us to stop sending Telegram messages. Choose another way.
    [voice] This number asked us to stop calling. Choose another way.
    [email] This address asked us to stop sending e-mail. Choose another way.
   *[sms] This number asked us to stop sending text messages. Choose another way.
}
progress-forbidden = { $by ->
    [email] We can’t send codes to this address. Choose another way.
   *[other] We can’t send codes to this number this way. Choose another way.
}
tag-on-message = Our message is marked { $tag }.
code-label = { $digits }-digit code
paste-code = Paste code
no-code-title = No code yet?
no-code-spam = It may be in your spam folder.
resend = Send the code again
by-sms = Send it by SMS instead
by-whatsapp = Send it on WhatsApp instead
by-telegram = Send it on Telegram instead
by-call = Call me instead
resend-wait = { $seconds ->
    [one] You can ask again in { $seconds } second.
   *[other] You can ask again in { $seconds } seconds.
}
resend-clock = You can ask again in { $clock }.
resend-now = You can ask for the code again now.
no-more-sends = We can’t send it again for now.
another-way = Try another way
change-number = Change the number
change-address = Change the address
sent-again = We sent the same code again. Any of our messages works.
code-renewed = That code has expired. We sent you a new one.

# What went wrong in a form
phone-empty = Enter your mobile number.
phone-impossible = That number can’t be right. Check its digits and the country.
phone-not-mobile = We can’t send codes to that number. Enter a mobile number.
phone-country-not-offered = We can’t send codes to that country yet. Use another number or another way.
email-empty = Enter your e-mail address.
email-invalid = Enter an e-mail address like name@example.com.
code-empty = Enter the code we sent you.
code-format = The code must be { $digits } digits.
code-wrong = That code isn’t right. Check our newest message.
code-wrong-last = { $left ->
    [one] That code isn’t right. You have one try left.
   *[other] That code isn’t right. You have { $left } tries left.
}
code-expired = That code has expired. Ask for a new one.
code-exhausted = That code was tried too many times. Ask for a new one.
code-unavailable = We can’t check codes just now. Try again in a moment.
too-many-codes = You asked for too many codes. Wait a few minutes, or use another way.
too-many-tries = There were too many wrong codes. Wait an hour, or use another way.
resend-too-soon = { $seconds ->
    [one] That was quick. You can ask again in { $seconds } second.
   *[other] That was quick. You can ask again in { $seconds } seconds.
}

# Where a sign-in stands
interaction-expired-title = This sign-in took too long
interaction-expired-body = For your safety it has ended. Start again, it only takes a moment.
interaction-foreign-title = This sign-in began elsewhere
interaction-foreign-body = It was started in another browser or app. Go back there, or go back to the app and sign in from there.
interaction-finished-title = This sign-in is done
interaction-finished-body = You can close this page, or go on to the app.
interaction-unknown-title = We don’t know this sign-in
interaction-unknown-body = The link may be old or incomplete. Go back to the app and sign in from there.
start-again = Start again
back-to-app = Go to the app

# A person’s own page
account-title = Your account
account-identifiers = How you sign in
account-organizations = Organizations
account-sessions = Where you are signed in
account-session-here = This browser
account-session-elsewhere = Another browser
account-everywhere = Sign out everywhere
account-apps = Apps with access
account-no-apps = No app has access to your account.
account-take-back = Remove access
account-open-body = Continue to see how you sign in, where, and which apps have access.
account-over-title = Your account isn’t open here
account-over-body = For your safety, a link to your account works once, for five minutes. Go back to the app and open it from there.
invitation-title = This app can’t use that organization or invitation
invitation-body = The invitation may be used or too old. Ask the people who sent you the link for a new one.

# Errors
request-problem-title = This app asked for something we can’t do
request-problem-body = You did nothing wrong. Please tell the people who run the app.
unavailable-title = We’ll be right back
unavailable-body = Signing in isn’t possible just now. Please try again in a minute.
not-found-title = There is nothing here
not-found-body = The address may be old or mistyped.
something-broke-title = Something broke on our side
something-broke-body = It isn’t your fault. Please try again.
error-detail = For developers
request-id = Reference
back = Go back

# Signing out
signed-out-title = You are signed out
signed-out-body = You can close this page.
logout-title = Sign out?
logout-body = You’ll need a new code to sign in again.
logout-confirm = Sign out
logout-everywhere = Sign out everywhere
logout-stay = Stay signed in

# Handing over to the app
one-moment = One moment
one-moment-body = If nothing happens, press “Continue”.

# Calling a sign-in off, and allowing what an app asks for
cancel = Cancel
cancel-to-app = Cancel and go back to { $app }
consent-title = Give { $app } access to your account?
consent-unverified = We don’t know who runs this app. Go on only if you trust it.
consent-unverified-host = We don’t know who runs this app. It comes from { $host }. Go on only if you trust it.
consent-asks = This app would like to
scope-openid = Recognize you when you come back
scope-profile = See your profile, such as your name and phone number
scope-email = See your e-mail address
scope-phone = See your phone number
scope-address = See your postal address
scope-offline = Keep this access while you are away
scope-other = Use “{ $name }”
scope-resource = Use { $name } for you
consent-allow = Allow
consent-deny = Don’t allow
consent-host = You’ll go on to { $host }.
consent-about = About this app

# Devices without a browser of their own
device-title = Connect a device
device-lead = Enter the code your device shows.
device-label = Code on your device
device-hint = 8 letters, like WDJB‑MJHT.
device-empty = Enter the code your device shows.
device-wrong = That code isn’t right, or it has expired. Check your device.
device-too-many = There were too many wrong codes. Wait an hour, then try again.
device-code = Your device must show this code: { $code }
device-warning = Go on only if this code is on a device of yours. If someone sent it to you, stop here: they could get into your account.
device-allowed-title = Your device is connected
device-allowed-body = Go back to your device. You can close this page.
device-denied-title = Your device was not connected
device-denied-body = It gets nothing from your account. You can close this page.
device-over-title = This code has expired
device-over-body = Ask your device for a new one.
device-again = Enter another code

# Before an app opens again
success-title = You are signed in
success-body = Go back to { $app } to carry on.
