# Text messages: plain letters only, so that they fit into one. The last line is added by us.
sms-passcode =
    { $code } ist Ihr Code für { $app }. Ref { $tag }
    Geben Sie ihn niemandem weiter.
whatsapp-passcode = *{ $code }* ist Ihr Code für { $app }. Ref { $tag }
    Geben Sie ihn zu Ihrer Sicherheit nicht weiter.
# The button under it, which copies the code: at most 25 characters.
copy-code = Code kopieren
voice-passcode = Hallo. Ihr Code für { $app } lautet: { $code }. Noch einmal: { $code }. Geben Sie ihn nicht weiter. Auf Wiederhören.
mail-passcode-subject = { $code } ist Ihr Code für { $app }
mail-passcode-intro = Hier ist Ihr Code, um sich bei { $app } anzumelden:
mail-passcode-tag = Die Anmeldeseite zeigt dasselbe Zeichen: { $tag }.
mail-passcode-life = { $minutes ->
    [one] Er gilt eine Minute lang. Geben Sie ihn nicht weiter.
   *[other] Er gilt { $minutes } Minuten lang. Geben Sie ihn nicht weiter.
}
mail-passcode-ignore = Wenn Sie diesen Code nicht angefordert haben, können Sie diese E-Mail ignorieren.
