# The last line of a text message is added by us.
sms-passcode =
    { $code } هو رمز { $app } الخاص بك. Ref { $tag }
    لا تشاركه مع أحد.
whatsapp-passcode = *{ $code }* هو رمز { $app } الخاص بك. Ref { $tag }
    حفاظًا على أمانك، لا تشاركه مع أحد.
# The button under it, which copies the code: at most 25 characters.
copy-code = نسخ الرمز
voice-passcode = مرحبًا. رمز { $app } الخاص بك هو: { $code }. مرة أخرى: { $code }. لا تشاركه مع أحد. إلى اللقاء.
mail-passcode-subject = { $code } هو رمز { $app } الخاص بك
mail-passcode-intro = هذا رمزك لتسجيل الدخول إلى { $app }:
mail-passcode-tag = تعرض صفحة الدخول العلامة نفسها: { $tag }.
mail-passcode-life = { $minutes ->
    [zero] لم يعد صالحًا. لا تشاركه مع أحد.
    [one] يصلح لمدة دقيقة واحدة. لا تشاركه مع أحد.
    [two] يصلح لمدة دقيقتين. لا تشاركه مع أحد.
    [few] يصلح لمدة { $minutes } دقائق. لا تشاركه مع أحد.
    [many] يصلح لمدة { $minutes } دقيقة. لا تشاركه مع أحد.
   *[other] يصلح لمدة { $minutes } دقيقة. لا تشاركه مع أحد.
}
mail-passcode-ignore = إن لم تطلب هذا الرمز، فتجاهل هذه الرسالة.
