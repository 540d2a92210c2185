# Text messages: plain letters only, so that they fit into one. The last line is added by us.
sms-passcode =
    { $code } is your { $app } code. Ref { $tag }
    Don't share it with anyone.
whatsapp-passcode = *{ $code }* is your { $app } code. Ref { $tag }
    For your safety, don't share it.
# The button under it, which copies the code: at most 25 characters.
copy-code = Copy code
voice-passcode = Hello. Your { $app } code is: { $code }. Once more: { $code }. Don't share it with anyone. Goodbye.
mail-passcode-subject = { $code } is your { $app } code
mail-passcode-intro = Here is your code to sign in to { $app }:
mail-passcode-tag = The sign-in page shows the same mark: { $tag }.
mail-passcode-life = { $minutes ->
    [one] It works for one minute. Don't share it with anyone.
   *[other] It works for { $minutes } minutes. Don't share it with anyone.
}
mail-passcode-ignore = If you didn't ask for this code, you can ignore this mail.
