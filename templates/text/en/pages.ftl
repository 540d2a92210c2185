# Every page
error-prefix = Error
summary-title = Please check this
continue = Continue
terms = Terms
privacy = Privacy

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
sent-voice = We are calling { $to } to tell you a code.
sent-email = We sent a code by e-mail to { $to }.
tag-on-message = Our message is marked { $tag }.
code-label = { $digits }-digit code
paste-code = Paste code
no-code-title = No code yet?
no-code-spam = It may be in your spam folder.
resend = Send the code again
by-sms = Send it by SMS instead
by-whatsapp = Send it on WhatsApp instead
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
fell-back-sms = WhatsApp hasn’t delivered it. We sent the same code by text message.
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
too-many-codes = You asked for too many codes. Wait a few minutes, or use another way.
too-many-tries = There were too many wrong codes. Wait an hour, or use another way.
resend-too-soon = { $seconds ->
    [one] That was quick. You can ask again in { $seconds } second.
   *[other] That was quick. You can ask again in { $seconds } seconds.
}
delivery-trouble = We couldn’t send the code. Try again, or use another way.

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
logout-stay = Stay signed in

# Handing over to the app
one-moment = One moment
