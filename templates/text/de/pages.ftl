# Every page
error-prefix = Fehler
summary-title = Bitte prüfen
continue = Weiter
terms = Nutzungsbedingungen
privacy = Datenschutz
signed-in-as = Sie sind angemeldet als { $who }.

# Identifier
sign-in-title = Anmelden
create-title = Konto anlegen
lead = Wir senden Ihnen einen Code. Ganz ohne Passwort.
phone-country = Land
phone-number = Handynummer
phone-why = Wir nutzen Ihre Nummer nur, um Anmeldecodes zu senden.
email-address = E-Mail-Adresse
email-why = Wir nutzen Ihre Adresse nur, um Anmeldecodes zu senden.
use-phone = Stattdessen eine Telefonnummer nutzen
use-email = Stattdessen E-Mail nutzen
use-other = Weiter mit { $name }
country-search = Nach Name oder Vorwahl suchen
country-found = Länder gefunden:
confirm-lead = Wir senden einen Code an { $to }. Ganz ohne Passwort.
send-code = Code senden

# Passcode
passcode-title = Code eingeben
sent-sms = Wir haben einen Code per SMS an { $to } gesendet.
sent-whatsapp = Wir haben einen Code per WhatsApp an { $to } gesendet. Sehen Sie in WhatsApp auf Ihrem Handy nach.
sent-telegram = Wir haben einen Code per Telegram an { $to } gesendet. Sehen Sie in Telegram auf Ihrem Handy nach.
sent-voice = Wir rufen { $to } an und sagen Ihnen einen Code.
sent-email = Wir haben einen Code per E-Mail an { $to } gesendet.
tried-to-send = Wir haben versucht, einen Code an { $to } zu senden.
progress-sending = { $by ->
    [whatsapp] Wird per WhatsApp gesendet…
    [telegram] Wird per Telegram gesendet…
    [voice] Wir rufen Sie an…
    [email] Wird per E-Mail gesendet…
   *[sms] Wird per SMS gesendet…
}
progress-sent = { $by ->
    [whatsapp] Per WhatsApp gesendet.
    [telegram] Per Telegram gesendet.
    [voice] Ihr Telefon klingelt gleich.
    [email] Per E-Mail gesendet.
   *[sms] Per SMS gesendet.
}
progress-delivered = { $by ->
    [whatsapp] Per WhatsApp zugestellt.
    [telegram] Per Telegram zugestellt.
    [voice] Wir haben Sie angerufen.
    [email] Per E-Mail zugestellt.
   *[sms] Per SMS zugestellt.
}
progress-fell = { $from ->
    [whatsapp] WhatsApp hat ihn nicht zugestellt.
    [telegram] Telegram hat ihn nicht zugestellt.
    [voice] Wir haben Sie telefonisch nicht erreicht.
    [email] Die E-Mail ist nicht angekommen.
   *[sms] Die SMS ist nicht angekommen.
} { $to ->
    [whatsapp] Derselbe Code kommt jetzt per WhatsApp.
    [telegram] Derselbe Code kommt jetzt per Telegram.
    [voice] Wir rufen Sie jetzt mit demselben Code an.
    [email] Derselbe Code kommt jetzt per E-Mail.
   *[sms] Derselbe Code kommt jetzt per SMS.
}
progress-undelivered = { $by ->
    [email] Wir konnten ihn nicht zustellen. Prüfen Sie die Adresse oder wählen Sie einen anderen Weg.
   *[other] Wir konnten ihn nicht zustellen. Prüfen Sie die Nummer oder wählen Sie einen anderen Weg.
}
progress-paused = SMS und Anrufe pausieren für eine Weile. Wählen Sie einen anderen Weg oder versuchen Sie es später noch einmal.
progress-bad-number = { $by ->
    [email] Diese Adresse scheint es nicht zu geben. Bitte prüfen Sie sie.
   *[other] Diese Nummer scheint es nicht zu geben. Bitte prüfen Sie sie.
}
progress-opted-out = { $by ->
    [whatsapp] An diese Nummer sollen wir keine WhatsApp-Nachrichten mehr senden. Wählen Sie einen anderen Weg.
    [telegram] An diese Nummer sollen wir keine Telegram-Nachrichten mehr senden. Wählen Sie einen anderen Weg.
    [voice] Diese Nummer sollen wir nicht mehr anrufen. Wählen Sie einen anderen Weg.
    [email] An diese Adresse sollen wir keine E-Mails mehr senden. Wählen Sie einen anderen Weg.
   *[sms] An diese Nummer sollen wir keine SMS mehr senden. Wählen Sie einen anderen Weg.
}
progress-forbidden = { $by ->
    [email] An diese Adresse können wir keine Codes senden. Wählen Sie einen anderen Weg.
   *[other] Auf diesem Weg können wir an diese Nummer keine Codes senden. Wählen Sie einen anderen.
}
tag-on-message = Unsere Nachricht trägt das Zeichen { $tag }.
code-label = { $digits }-stelliger Code
paste-code = Code einfügen
no-code-title = Noch kein Code da?
no-code-spam = Vielleicht liegt er im Spam-Ordner.
resend = Code noch einmal senden
by-sms = Stattdessen per SMS senden
by-whatsapp = Stattdessen per WhatsApp senden
by-telegram = Stattdessen per Telegram senden
by-call = Stattdessen anrufen
resend-wait = { $seconds ->
    [one] In { $seconds } Sekunde können Sie ihn erneut anfordern.
   *[other] In { $seconds } Sekunden können Sie ihn erneut anfordern.
}
resend-clock = In { $clock } können Sie ihn erneut anfordern.
resend-now = Sie können den Code jetzt erneut anfordern.
no-more-sends = Wir können ihn vorerst nicht noch einmal senden.
another-way = Anders anmelden
change-number = Nummer ändern
change-address = Adresse ändern
sent-again = Wir haben denselben Code noch einmal gesendet. Jede unserer Nachrichten gilt.
code-renewed = Dieser Code ist abgelaufen. Wir haben Ihnen einen neuen gesendet.

# What went wrong in a form
phone-empty = Geben Sie Ihre Handynummer ein.
phone-impossible = Diese Nummer kann nicht stimmen. Prüfen Sie die Ziffern und das Land.
phone-not-mobile = An diese Nummer können wir keine Codes senden. Geben Sie eine Handynummer ein.
phone-country-not-offered = In dieses Land können wir noch keine Codes senden. Nutzen Sie eine andere Nummer oder einen anderen Weg.
email-empty = Geben Sie Ihre E-Mail-Adresse ein.
email-invalid = Geben Sie eine E-Mail-Adresse wie name@example.com ein.
code-empty = Geben Sie den Code ein, den wir gesendet haben.
code-format = Der Code muss { $digits } Ziffern haben.
code-wrong = Dieser Code stimmt nicht. Sehen Sie in unsere neueste Nachricht.
code-wrong-last = { $left ->
    [one] Dieser Code stimmt nicht. Sie haben noch einen Versuch.
   *[other] Dieser Code stimmt nicht. Sie haben noch { $left } Versuche.
}
code-expired = Dieser Code ist abgelaufen. Fordern Sie einen neuen an.
code-exhausted = Dieser Code wurde zu oft versucht. Fordern Sie einen neuen an.
code-unavailable = Wir können Codes gerade nicht prüfen. Versuchen Sie es gleich noch einmal.
too-many-codes = Sie haben zu viele Codes angefordert. Warten Sie einige Minuten oder nutzen Sie einen anderen Weg.
too-many-tries = Es gab zu viele falsche Codes. Warten Sie eine Stunde oder nutzen Sie einen anderen Weg.
resend-too-soon = { $seconds ->
    [one] Das war etwas früh. In { $seconds } Sekunde können Sie ihn erneut anfordern.
   *[other] Das war etwas früh. In { $seconds } Sekunden können Sie ihn erneut anfordern.
}

# Where a sign-in stands
interaction-expired-title = Diese Anmeldung hat zu lange gedauert
interaction-expired-body = Zu Ihrer Sicherheit wurde sie beendet. Fangen Sie neu an, es dauert nur einen Moment.
interaction-foreign-title = Diese Anmeldung hat anderswo begonnen
interaction-foreign-body = Sie wurde in einem anderen Browser oder einer anderen App geöffnet. Gehen Sie dorthin zurück oder melden Sie sich von der App aus neu an.
interaction-finished-title = Diese Anmeldung ist abgeschlossen
interaction-finished-body = Sie können diese Seite schließen oder zur App gehen.
interaction-unknown-title = Wir kennen diese Anmeldung nicht
interaction-unknown-body = Der Link ist vielleicht alt oder unvollständig. Gehen Sie zurück zur App und melden Sie sich dort an.
start-again = Neu anfangen
back-to-app = Zur App

# A person’s own page
account-title = Ihr Konto
account-identifiers = So melden Sie sich an
account-organizations = Organisationen
account-sessions = Wo Sie angemeldet sind
account-session-here = Dieser Browser
account-session-elsewhere = Ein anderer Browser
account-everywhere = Überall abmelden
account-apps = Apps mit Zugriff
account-no-apps = Keine App hat Zugriff auf Ihr Konto.
account-take-back = Zugriff entziehen
account-open-body = Weiter zu Ihren Anmeldungen und den Apps, die Zugriff haben.
account-over-title = Ihr Konto ist hier nicht geöffnet
account-over-body = Zu Ihrer Sicherheit gilt ein Link zu Ihrem Konto nur einmal und nur fünf Minuten lang. Gehen Sie zurück zur App und öffnen Sie es von dort.
invitation-title = Diese Organisation oder Einladung gilt hier nicht
invitation-body = Die Einladung wurde vielleicht schon benutzt oder ist zu alt. Bitten Sie um einen neuen Link.

# Errors
request-problem-title = Die App hat um etwas gebeten, das wir nicht können
request-problem-body = Sie haben nichts falsch gemacht. Bitte sagen Sie den Betreibern der App Bescheid.
unavailable-title = Wir sind gleich wieder da
unavailable-body = Die Anmeldung ist gerade nicht möglich. Versuchen Sie es in einer Minute noch einmal.
not-found-title = Hier ist nichts
not-found-body = Die Adresse ist vielleicht veraltet oder falsch geschrieben.
something-broke-title = Bei uns ist etwas schiefgegangen
something-broke-body = Es liegt nicht an Ihnen. Versuchen Sie es noch einmal.
error-detail = Für Entwickler
request-id = Referenz
back = Zurück

# Signing out
signed-out-title = Sie sind abgemeldet
signed-out-body = Sie können diese Seite schließen.
logout-title = Abmelden?
logout-body = Für die nächste Anmeldung brauchen Sie einen neuen Code.
logout-confirm = Abmelden
logout-everywhere = Überall abmelden
logout-stay = Angemeldet bleiben

# Handing over to the app
one-moment = Einen Moment
one-moment-body = Falls nichts passiert, drücken Sie auf „Weiter“.

# Calling a sign-in off, and allowing what an app asks for
cancel = Abbrechen
cancel-to-app = Abbrechen und zurück zu { $app }
consent-title = { $app } Zugriff auf Ihr Konto geben?
consent-unverified = Wir wissen nicht, wer diese App betreibt. Fahren Sie nur fort, wenn Sie ihr vertrauen.
consent-unverified-host = Wir wissen nicht, wer diese App betreibt. Sie kommt von { $host }. Fahren Sie nur fort, wenn Sie ihr vertrauen.
consent-asks = Diese App möchte
scope-openid = Sie wiedererkennen, wenn Sie zurückkommen
scope-profile = Ihr Profil sehen, etwa Ihren Namen und Ihre Telefonnummer
scope-email = Ihre E-Mail-Adresse sehen
scope-phone = Ihre Telefonnummer sehen
scope-address = Ihre Postanschrift sehen
scope-offline = Diesen Zugriff behalten, auch wenn Sie nicht da sind
scope-other = „{ $name }“ nutzen
scope-resource = In Ihrem Namen { $name } nutzen
consent-allow = Erlauben
consent-deny = Nicht erlauben
consent-host = Danach geht es weiter zu { $host }.
consent-about = Über diese App

# Devices without a browser of their own
device-title = Ein Gerät verbinden
device-lead = Geben Sie den Code ein, den Ihr Gerät zeigt.
device-label = Code auf Ihrem Gerät
device-hint = 8 Buchstaben, zum Beispiel WDJB‑MJHT.
device-empty = Geben Sie den Code ein, den Ihr Gerät zeigt.
device-wrong = Dieser Code stimmt nicht oder ist abgelaufen. Schauen Sie auf Ihrem Gerät nach.
device-too-many = Das waren zu viele falsche Codes. Warten Sie eine Stunde und versuchen Sie es dann noch einmal.
device-code = Ihr Gerät muss diesen Code zeigen: { $code }
device-warning = Fahren Sie nur fort, wenn dieser Code auf einem Ihrer eigenen Geräte steht. Hat Ihnen jemand den Code geschickt, hören Sie hier auf: Diese Person könnte sonst in Ihr Konto gelangen.
device-allowed-title = Ihr Gerät ist verbunden
device-allowed-body = Gehen Sie zurück zu Ihrem Gerät. Sie können diese Seite schließen.
device-denied-title = Ihr Gerät wurde nicht verbunden
device-denied-body = Es bekommt nichts aus Ihrem Konto. Sie können diese Seite schließen.
device-over-title = Dieser Code ist abgelaufen
device-over-body = Lassen Sie sich auf Ihrem Gerät einen neuen anzeigen.
device-again = Anderen Code eingeben

# Before an app opens again
success-title = Sie sind angemeldet
success-body = Gehen Sie zurück zu { $app }, um weiterzumachen.
