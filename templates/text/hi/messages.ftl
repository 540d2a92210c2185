# The last line of a text message is added by us.
sms-passcode =
    { $code } आपका { $app } कोड है। Ref { $tag }
    इसे किसी को न बताएँ।
whatsapp-passcode = *{ $code }* आपका { $app } कोड है। Ref { $tag }
    अपनी सुरक्षा के लिए इसे किसी को न बताएँ।
# The button under it, which copies the code: at most 25 characters.
copy-code = कोड कॉपी करें
voice-passcode = नमस्ते। आपका { $app } कोड है: { $code }। एक बार फिर: { $code }। इसे किसी को न बताएँ। धन्यवाद।
mail-passcode-subject = { $code } आपका { $app } कोड है
mail-passcode-intro = { $app } में साइन इन करने के लिए आपका कोड यह है:
mail-passcode-tag = साइन-इन पेज पर भी यही निशान दिखेगा: { $tag }
mail-passcode-life = { $minutes ->
    [one] यह एक मिनट तक चलेगा। इसे किसी को न बताएँ।
   *[other] यह { $minutes } मिनट तक चलेगा। इसे किसी को न बताएँ।
}
mail-passcode-ignore = अगर आपने यह कोड नहीं माँगा, तो इस ईमेल को अनदेखा करें।
