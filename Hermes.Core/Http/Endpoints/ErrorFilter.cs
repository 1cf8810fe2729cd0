using Hermes.Core.Configuration;
using Hermes.Core.Diagnostics;
using Hermes.Core.Http.Wire;
using Hermes.Core.Memory;
using Hermes.Core.Sessions;
using Hermes.Core.Skills;

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
        var shape = http.GetEndpoint()?.Metadata.GetMetadata<HermesEndpoint>()?.ErrorShape ?? ErrorShape.Text;
        switch (exception)
        {
            case RequestException { Status: StatusCodes.Status413PayloadTooLarge }:
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Errors.BodyTooLarge;
            case RequestException request:
                return Errors.Create(shape, request.Status, request.Message, request.Param, request.RetryAfter, request.Code);
            case BadHttpRequestException malformed:
                return Errors.Create(shape, malformed.StatusCode, "The request body could not be read");
            case SessionValidationException:
                return Errors.Create(shape, StatusCodes.Status400BadRequest, exception.Message);
            case SessionNotFoundException:
                return Errors.Create(shape, StatusCodes.Status404NotFound, exception.Message);
            case ConversationBusyException busy:
                return Errors.Create(shape, StatusCodes.Status409Conflict, busy.Message, retryAfter: busy.RetryAfter);
            case SessionStoreUnavailableException unavailable:
                logger.StoreUnavailable(unavailable.RetryAfter is null ? unavailable : null, unavailable.Message);
                return Errors.Create(shape, StatusCodes.Status503ServiceUnavailable, unavailable.Message, retryAfter: unavailable.RetryAfter);
            case MemoryRejectedException rejected:
                return JsonAnswer.Of(MemoryRejected.From(rejected), StatusCodes.Status400BadRequest);
            case MemoryBusyException locked:
                return Errors.Create(shape, StatusCodes.Status503ServiceUnavailable, locked.Message, retryAfter: locked.RetryAfter);
            case ConfigValueException value:
                return Errors.Create(shape, StatusCodes.Status400BadRequest, value.Message, value.Field);
            case ConfigConflictException or MemoryConflictException:
                return Errors.Create(shape, StatusCodes.Status409Conflict, exception.Message);
            case ConfigUnreadableException or ConfigUnwritableException or MemoryUnavailableException or SkillsUnavailableException:
                return Errors.Create(shape, StatusCodes.Status500InternalServerError, exception.Message);
            default:
                logger.RequestFailed(exception, http.Request.Method, http.Request.Path, http.TraceIdentifier);
                return Errors.Internal(shape, http.TraceIdentifier);
        }
    }
}
