using System.Net.Http.Headers;
using Hermes.Core.Configuration;

namespace Hermes.Providers;

/// <summary>Asks OpenAI-compatible providers for their models: <c>GET BASE_URL/models</c>.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class ProviderModelSource(ProviderResolver resolver, IOptionsMonitor<ProviderOptions> options) : IModelSource, IDisposable
{
    // The longest lists, of several hundred models with descriptions, are below one.
    private const int MaxBytes = 4 * 1024 * 1024;

    // A redirect would take the key to a machine that nobody configured.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        MaxResponseContentBufferSize = MaxBytes,
    };

    public async Task<IReadOnlyList<AvailableModel>?> ListAsync(string? provider, CancellationToken cancellationToken)
    {
        if (Find(provider) is not { } settings) return null;

        var address = new UriBuilder(settings.BaseUrl);
        address.Path = $"{address.Path.TrimEnd('/')}/models";
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        request.Headers.Authorization = settings.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        return
        [
            .. from model in document.RootElement.GetProperty("data").EnumerateArray()
               where Text(model, "id").Length > 0
               select new AvailableModel(Text(model, "id"), Text(model, "name")),
        ];
    }

    public void Dispose() => _client.Dispose();

    // What cannot be asked has no list; chat says why.
    private ProviderSettings? Find(string? provider)
    {
        try
        {
            return resolver.Find(options.CurrentValue, provider);
        }
        catch (ProviderConfigurationException)
        {
            return null;
        }
    }

    private static string Text(JsonElement model, string name) =>
        model.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
