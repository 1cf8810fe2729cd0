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
        switch (exception)
        {
            case RequestException { Status: StatusCodes.Status413PayloadTooLarge } or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Errors.BodyTooLarge;
            case RequestException request:
                return Create(request.Status, request.Message, request.Param, request.RetryAfter, request.Code);
            case BadHttpRequestException malformed:
                return Create(malformed.StatusCode, "The request body could not be read");
            case MemoryRejectedException rejected:
                return JsonAnswer.Of(MemoryRejected.From(rejected), StatusCodes.Status400BadRequest);
            case ConfigValueException value:
                return Create(StatusCodes.Status400BadRequest, value.Message, value.Field);
            case SessionValidationException:
                return Create(StatusCodes.Status400BadRequest, exception.Message);
            case SessionNotFoundException:
                return Create(StatusCodes.Status404NotFound, exception.Message);
            case ConversationBusyException busy:
                return Create(StatusCodes.Status409Conflict, busy.Message, retryAfter: busy.RetryAfter);
            case ConfigConflictException or MemoryConflictException:
                return Create(StatusCodes.Status409Conflict, exception.Message);
            case ConfigUnreadableException or ConfigUnwritableException or MemoryUnavailableException or SkillsUnavailableException:
                return Create(StatusCodes.Status500InternalServerError, exception.Message);
            case MemoryBusyException locked:
                return Create(StatusCodes.Status503ServiceUnavailable, locked.Message, retryAfter: locked.RetryAfter);
            case SessionStoreUnavailableException unavailable:
                logger.StoreUnavailable(unavailable.RetryAfter is null ? unavailable : null, unavailable.Message);
                return Create(StatusCodes.Status503ServiceUnavailable, unavailable.Message, retryAfter: unavailable.RetryAfter);
            default:
                logger.RequestFailed(exception, http.Request.Method, http.Request.Path, http.TraceIdentifier);
                return Create(StatusCodes.Status500InternalServerError, $"Internal server error (correlation id {http.TraceIdentifier})");
        }

        JsonAnswer Create(int status, string message, string? param = null, TimeSpan? retryAfter = null, string? code = null) => Errors.Create(
            http.GetEndpoint()?.Metadata.GetMetadata<HermesEndpoint>()?.ErrorShape ?? ErrorShape.Text, status, message, param, retryAfter, code);
    }
}
