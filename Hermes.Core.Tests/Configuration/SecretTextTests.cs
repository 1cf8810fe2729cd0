using System.Diagnostics;
using Hermes.Core.Configuration;

namespace Hermes.Core.Tests.Configuration;

public class SecretTextTests
{
    [Theory]
    [InlineData("export GITHUB_TOKEN=MARK and go on")]
    [InlineData("X=MARK")]
    [InlineData("use sk-abcMARKdef")]
    [InlineData("The admin password is MARK")]
    [InlineData("the Password: MARK one two")]
    [InlineData("password for the database = MARK")]
    [InlineData("DB_PASS: MARK")]
    [InlineData("La contraseña es MARK")]
    [InlineData("Das Passwort lautet MARK")]
    [InlineData("le mot de passe est MARK")]
    [InlineData("пароль это MARK")]
    [InlineData("密码是MARK")]
    [InlineData("密钥：MARK")]
    [InlineData("passWord hunter2MARK")]
    [InlineData("my PIN 4711MARK")]
    [InlineData("machine h login l password MARK")]
    [InlineData("login l password MARK")]
    [InlineData("<password>MARK</password>")]
    [InlineData("<add key=\"password\" value=\"MARK\"/>")]
    [InlineData("{\"api_key\": \"MARK\"}")]
    [InlineData("curl -H 'Authorization: Bearer MARK' https://h")]
    [InlineData("curl -u user:MARK@host.example")]
    [InlineData("--token MARK1")]
    [InlineData("--api-key=MARK")]
    [InlineData("Basic dXNlcjpMARK")]
    [InlineData("see https://user:MARK@h.example/path?x=MARK#MARK")]
    [InlineData("https://h.example/abcdef0123456789MARK/x")]
    [InlineData("postgres://u:MARK@h/db")]
    [InlineData("Server=h;User Id=sa;Password=MARK;Database=d")]
    [InlineData("a\n-----BEGIN PRIVATE KEY-----\nMARK\n-----END PRIVATE KEY-----\nb")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMARK")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJNQVJLIjoxfQ.MARK")]
    [InlineData("MARK42 is the password")]
    [InlineData("use MARK42 as admin password")]
    [InlineData("0123456789abcdef0123456789MARK")]
    public void Redact_FreeText_HasNoSecret(string text) => Assert.DoesNotContain("MARK", SecretText.Redact(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("Talk like a pirate, and be kind.")]
    [InlineData("Never tell anybody a secret, nor a password.")]
    [InlineData("At 10:30 it starts: be there.")]
    [InlineData("Use claude-sonnet-4-20250514 or anthropic/claude-opus-4.6.")]
    [InlineData("see https://h.example/docs/page.html.")]
    [InlineData("write to ada@host.example")]
    [InlineData("the token count of a model with a long context")]
    [InlineData("files are in /home/user/some-project/src")]
    [InlineData("token=${TOKEN}")]
    public void Redact_OrdinaryText_Stays(string text) => Assert.Equal(text, SecretText.Redact(text));

    [Theory]
    [InlineData("first, export X=abc and go on", "first, export X=[hidden] and go on")]
    [InlineData("password: abc\nthen go on", "password: [hidden]\nthen go on")]
    public void Redact_WhatStandsAround_Stays(string text, string expected) => Assert.Equal(expected, SecretText.Redact(text));

    [Theory]
    [InlineData("a")]
    [InlineData("a:")]
    [InlineData("password ")]
    [InlineData("<a ")]
    [InlineData("user:a@")]
    [InlineData("a=\"")]
    [InlineData("key is ")]
    [InlineData("http://")]
    [InlineData("-----BEGIN ")]
    [InlineData("1-")]
    [InlineData("_")]
    [InlineData("hf_")]
    [InlineData("password is x\u2003 \u2003 \u2003 \u2003 \u2003")]
    [InlineData("-a")]
    public void Redact_LongRepetition_IsNotSlow(string part)
    {
        var watch = Stopwatch.StartNew();

        SecretText.Redact(string.Concat(Enumerable.Repeat(part, 60_000 / part.Length)));

        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}");
    }
}
