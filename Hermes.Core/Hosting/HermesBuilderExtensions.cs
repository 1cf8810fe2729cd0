using Hermes.Core.Hosting;
using Hermes.Core.Http.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What an application may add to <c>AddHermes()</c>.</summary>
public static class HermesBuilderExtensions
{
    /// <summary>Adds an OpenAPI document of the API, named <c>hermes</c>. <c>app.MapOpenApi()</c> serves it, as <c>/openapi/hermes.json</c>
    /// where nothing else is said, beside the application's own documents, which do not hold the API's paths.</summary>
    /// <remarks>Without it the API is in no document, and the application's OpenAPI and JSON options are untouched. May be called more than once.</remarks>
    public static IHermesBuilder AddOpenApiDocument(this IHermesBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        HermesOpenApi.Add(builder.Services);
        return builder;
    }
}
