using Hermes.Core.Configuration;
using Hermes.Core.Diagnostics;
using Hermes.Core.Http.Wire;
using Hermes.Core.Memory;
using Hermes.Core.Sessions;
using Hermes.Core.Skills;
using static Hermes.Core.Http.Wire.MemoryWire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Turns what goes wrong in an endpoint into the answer that its clients expect. Nothing of an exception's text gets out unless it was written to.</summary>
internal sealed class ErrorFilter(ILogger<ErrorFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            // Writing the answer can fail as well, so it happens in here.
            if (await next(context) is IResult result)
                await result.ExecuteAsync(http);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // Nobody is left to be answered.
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            await Answer(exception, http).ExecuteAsync(http);
        }
        catch (Exception exception)
        {
            // A part was sent already: without its end, the client sees that it is not the whole.
            logger.RequestFailed(exception, http.Request.Method, http.Request.Path, http.TraceIdentifier);
            http.Abort();
        }

        return Results.Empty;
    }

    private JsonAnswer Answer(Exception exception, HttpContext http)
    {
        if (exception is SessionStoreUnavailableException { RetryAfter: var wait })
            logger.StoreUnavailable(wait is null ? exception : null, exception.Message);

        return exception switch
        {
            RequestException { Status: 413 } or BadHttpRequestException { StatusCode: 413 } => Errors.BodyTooLarge,
            RequestException request => Create(request.Status, request.Message, request.Param, request.RetryAfter, request.Code),
            BadHttpRequestException malformed => Create(malformed.StatusCode, "The request body could not be read"),
            MemoryRejectedException rejected => JsonAnswer.Of(MemoryRejected.From(rejected), 400),
            ConfigValueException value => Create(400, value.Message, value.Field),
            SessionValidationException => Create(400, exception.Message),
            SessionNotFoundException => Create(404, exception.Message),
            ConversationBusyException busy => Create(409, busy.Message, retryAfter: busy.RetryAfter),
            ConfigConflictException or MemoryConflictException => Create(409, exception.Message),
            ConfigUnreadableException or ConfigUnwritableException or MemoryUnavailableException or SkillsUnavailableException => Create(500, exception.Message),
            MemoryBusyException locked => Create(503, locked.Message, retryAfter: locked.RetryAfter),
            SessionStoreUnavailableException unavailable => Create(503, unavailable.Message, retryAfter: unavailable.RetryAfter),
            _ => Unexpected(),
        };

        JsonAnswer Unexpected()
        {
            logger.RequestFailed(exception, http.Request.Method, http.Request.Path, http.TraceIdentifier);
            return Create(500, $"Internal server error (correlation id {http.TraceIdentifier})");
        }

        JsonAnswer Create(int status, string message, string? param = null, TimeSpan? retryAfter = null, string? code = null) => Errors.Create(
            http.GetEndpoint()?.Metadata.GetMetadata<HermesEndpoint>()?.ErrorShape ?? ErrorShape.Text, status, message, param, retryAfter, code);
    }
}
