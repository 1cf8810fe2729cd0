namespace Hermes.Core.Http.Security;

/// <summary>Web origins, as browsers write them in the header <c>Origin</c>.</summary>
internal static class WebOrigin
{
    /// <summary>Stands for every origin.</summary>
    public const string Any = "*";

    /// <summary>Brings an origin that a person wrote to a browser's form: lower case, no default port, no slash at the end, names in ASCII.</summary>
    /// <returns>Null where it is no origin, or <see cref="Any"/>.</returns>
    public static string? Normalize(string text)
    {
        // Other schemes than http are fine: browser extensions and apps have their own.
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri)
            || uri is not { PathAndQuery: "/" or "", Fragment: "", UserInfo: "", IdnHost: not "" } || uri.Host.Contains('*'))
        {
            return null;
        }

        var host = uri.HostNameType is UriHostNameType.IPv6 ? uri.Host : uri.IdnHost.ToLowerInvariant();
        return string.Create(CultureInfo.InvariantCulture, $"{uri.Scheme}://{host}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}");
    }
}
