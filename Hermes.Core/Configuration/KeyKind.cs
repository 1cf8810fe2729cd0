namespace Hermes.Core.Configuration;

/// <summary>What a key says about its value.</summary>
internal enum KeyKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>It is a secret: <c>api_key</c>, <c>password</c>.</summary>
    Secret,

    /// <summary>It is the name of a variable that holds a secret: <c>api_key_env</c>.</summary>
    SecretReference,

    /// <summary>It is how somebody signs in: <c>auth</c>. A scalar is a secret, a mapping may hold more than that.</summary>
    Authentication,

    /// <summary>It has values that are secrets by custom, whatever their names: <c>env</c>, <c>docker_env</c>.</summary>
    Environment,

    /// <summary>The same for <c>headers</c>, <c>extra_headers</c>.</summary>
    Headers,

    /// <summary>It has parameters of a request: <c>query</c>, <c>params</c>.</summary>
    Parameters,

    /// <summary>It is, or has, an address that opens without a further key: <c>webhook_url</c>.</summary>
    Webhook,

    /// <summary>It says how to reach a database, often with a password: <c>connection_string</c>.</summary>
    ConnectionString,

    /// <summary>It is an identifier, which may look random without being secret: <c>voice_id</c>, <c>commit</c>.</summary>
    Identifier,
}
