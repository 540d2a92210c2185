# Text messages: plain letters only, so that they fit into one. The last line is added by us.
sms-passcode =
    { $code } ni msimbo wako wa { $app }. Ref { $tag }
    Usimpe mtu yeyote.
whatsapp-passcode = *{ $code }* ni msimbo wako wa { $app }. Ref { $tag }
    Kwa usalama wako, usimpe mtu yeyote.
# The button under it, which copies the code: at most 25 characters.
copy-code = Nakili msimbo
voice-passcode = Habari. Msimbo wako wa { $app } ni: { $code }. Mara nyingine: { $code }. Usimpe mtu yeyote. Kwaheri.
mail-passcode-subject = { $code } ni msimbo wako wa { $app }
mail-passcode-intro = Huu ni msimbo wako wa kuingia kwenye { $app }:
mail-passcode-tag = Ukurasa wa kuingia unaonyesha alama hiyohiyo: { $tag }.
mail-passcode-life = { $minutes ->
    [one] Unatumika kwa dakika moja. Usimpe mtu yeyote.
   *[other] Unatumika kwa dakika { $minutes }. Usimpe mtu yeyote.
}
mail-passcode-ignore = Kama hukuomba msimbo huu, unaweza kupuuza barua pepe hii.
