using System.Net.Mime;
using Hermes.Core.Http.Security;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Hermes.Core.Http.OpenApi;

/// <summary>The OpenAPI document <c>hermes</c>. It is registered here, not by the application, so that the XML docs of this library reach it.</summary>
internal static class HermesOpenApi
{
    private const string DocumentName = "hermes";
    private const string SecurityScheme = "bearer";

    private static readonly Dictionary<int, string> CommonResponses = new()
    {
        [400] = "The request cannot be understood; the text says what is wrong with which field.",
        [401] = "The key is missing or wrong.",
        [403] = "This is switched off on the server; the text names the setting that allows it.",
        [404] = "What the path names does not exist.",
        [409] = "The file is such that the change cannot be made; the text says why.",
        [413] = "The request body is too large.",
        [415] = "The request body is compressed, or not UTF-8.",
        [422] = "The Idempotency-Key was used with another body.",
        [500] = "The server failed; the text holds a correlation id.",
        [503] = "The session database cannot be used just now; where waiting helps, Retry-After says how long.",
    };

    /// <summary>Adds the document to an application's services; twice is once.</summary>
    public static void Add(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Marker))) return;

        services.AddSingleton<Marker>();

        // Before what the application has, which would name our fields by its own policy. Of its own types this resolver knows none.
        services.Configure<JsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.ForOtherOptions));
        services.AddOpenApi(DocumentName, options =>
        {
            options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<HermesEndpoint>().Any();
            options.AddDocumentTransformer(DescribeDocument);
            options.AddOperationTransformer(DescribeOperationAsync);
            options.AddSchemaTransformer(DescribeSchema);
        });
    }

    /// <summary>Keeps the endpoints out of the application's own documents: in one of ours, where the application wants it, else in none.</summary>
    public static RouteGroupBuilder Describe(RouteGroupBuilder routes) =>
        ((IEndpointRouteBuilder)routes).ServiceProvider.GetService<Marker>() is null ? routes.ExcludeFromDescription() : routes.WithGroupName(DocumentName);

    // ASP.NET Core's own reader takes numbers as strings as well, and so its schemas say. Here they are numbers, in bodies as in answers.
    private static Task DescribeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        // What may be left out is null by default to the constructors of our records, and to nobody else.
        schema.Default = null;
        if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0 && type.HasFlag(JsonSchemaType.String))
        {
            schema.Type = type & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        return Task.CompletedTask;
    }

    private static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Hermes API", Version = "1", Description = "Sessions, memory, skills, configuration and chat of a Hermes home." };
        document.AddComponent(SecurityScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = SecurityScheme,
            Description = "The key of the API. Not needed where the server has none and is asked from its own machine.",
        });

        // Every GET answers HEAD as well, as HTTP has it; a description of each would say nothing more.
        foreach (var path in document.Paths.Values)
            path.Operations?.Remove(HttpMethod.Head);

        return Task.CompletedTask;
    }

    private static async Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            DescribeParameter(parameter, isOfMessages: context.Description.RelativePath?.EndsWith("/messages", StringComparison.Ordinal) is true);

        if (metadata.OfType<DocumentedBody>().LastOrDefault() is { } body)
        {
            var schema = await ReferAsync(body.Type);
            operation.RequestBody = new OpenApiRequestBody { Required = !body.IsOptional, Content = Content(MediaTypeNames.Application.Json, schema) };
        }

        if (metadata.OfType<DocumentedEvents>().LastOrDefault() is { } stream)
        {
            // OpenAPI 3.1 has no word for a stream's events: the schema is of one event's data, and the title of each says the event's name.
            var choices = new List<IOpenApiSchema>();
            foreach (var (name, data) in stream.Events)
                choices.Add(new OpenApiSchema { Title = name, AllOf = [await ReferAsync(data)] });

            if (operation.Responses?["200"] is OpenApiResponse answer)
                answer.Content = Content(MediaTypeNames.Text.EventStream, new OpenApiSchema { AnyOf = choices }, answer.Content);
        }

        if (metadata.OfType<EndpointAccess>().LastOrDefault() is { IsPublic: false })
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityScheme, context.Document)] = [] }];

        foreach (var (status, response) in operation.Responses ?? new OpenApiResponses())
        {
            if (int.TryParse(status, CultureInfo.InvariantCulture, out var code) && response.Description == ReasonPhrases.GetReasonPhrase(code))
                response.Description = CommonResponses.GetValueOrDefault(code, response.Description);
        }

        async Task<IOpenApiSchema> ReferAsync(Type type)
        {
            context.Document!.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancellationToken));
            return new OpenApiSchemaReference(type.Name, context.Document);
        }
    }

    private static Dictionary<string, OpenApiMediaType> Content(string type, IOpenApiSchema schema, IDictionary<string, OpenApiMediaType>? others = null) =>
        new(others ?? new Dictionary<string, OpenApiMediaType>()) { [type] = new OpenApiMediaType { Schema = schema } };

    // Query values are read as text, so that the API itself says what is wrong with them.
    private static void DescribeParameter(OpenApiParameter parameter, bool isOfMessages)
    {
        parameter.Schema = (parameter.Name, parameter.In) switch
        {
            ("limit", ParameterLocation.Query) => new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
            ("offset", ParameterLocation.Query) => new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0", Default = 0 },
            ("include_children", _) => new OpenApiSchema { Type = JsonSchemaType.Integer, Enum = [0, 1], Default = 0 },
            ("content", _) => new OpenApiSchema { Type = JsonSchemaType.Integer, Enum = [0, 1], Default = 1 },
            ("target", ParameterLocation.Query) => new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["all", "memory", "user"] },
            ("order", _) when isOfMessages => Words("oldest", "latest"),
            ("order", _) => Words("created", "recent"),
            ("archived", _) => Words("exclude", "include", "only"),
            ("pinned", _) => Words("include", "exclude", "only", "first"),
            _ => parameter.Schema,
        };

        // The first is the default.
        static OpenApiSchema Words(params string[] words) => new() { Type = JsonSchemaType.String, Enum = [.. words], Default = words[0] };
    }

    private sealed class Marker;
    internal sealed record DocumentedBody(Type Type, bool IsOptional);
    internal sealed record DocumentedEvents((string Name, Type Data)[] Events);
}
